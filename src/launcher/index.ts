/** What other nouns may use of this one. */
export { domain, environment, parseArchitecture, releaseInputs, selfHostedInputs, sourceInputs } from './inputs.ts';
export { SIGNING_KEY } from './pinned.ts';
export { type Architecture, domainOf, type Environment, environmentOf } from './release.ts';
export { parseVariable } from './variables.ts';
