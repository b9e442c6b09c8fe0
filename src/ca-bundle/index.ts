/** The trust store of runners: building, checking and inspecting it. */

export { DEFAULT_RUNNER_IMAGE } from './base/defaults.ts';
export { caBundle, optionalCaBundle } from './build-step.ts';
export { bundleCheck } from './check.ts';
export type { Inspected } from './describe.ts';
export { type Difference, difference } from './diff.ts';
export { inspection } from './inspect.ts';
export { addedCertificates, inForceIn, readLock } from './lazy.ts';
export { BUNDLE_FILE, LOCK_FILE, type Lock } from './lock/lock.ts';
export type { Probed, ProbedBy } from './probe/server.ts';
export { probing } from './probe.ts';
