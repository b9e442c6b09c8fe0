/** What other nouns may use of this one. */
export { parsePoolId } from './pool-id.ts';
export { findSpacectls, type NamedSpacectl } from './vendor-cli.ts';
