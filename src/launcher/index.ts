/** Downloads the launcher and verifies that it is genuine. */

export { type Environment, environmentOf, isSelfHosted } from '../pki/index.ts';
export { addresses } from './addresses.ts';
export type { InstalledLauncher, KeyState, NewestLauncher } from './describe.ts';
export { launcher } from './download-step.ts';
export { architectureOf } from './executable.ts';
export type { LauncherValues } from './find.ts';
export {
  domain,
  environment,
  hostKeyInputs,
  pinnedInputs,
  releaseInputs,
  selfHostedInputs,
  sourceInputs,
} from './inputs.ts';
export {
  describeLauncher,
  describeNewestLauncher,
  describeSigningKey,
  findLauncher,
  keptSigningKey,
} from './lazy.ts';
export { SIGNING_KEY } from './pinned.ts';
export { type Architecture, domainOf } from './release.ts';
export { parseVariable } from './variables.ts';
export { verification } from './verify.ts';
