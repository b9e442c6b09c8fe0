/** The trust store of runners: building, checking and inspecting it. */

export { DEFAULT_RUNNER_IMAGE } from './base/defaults.ts';
export { caBundle, optionalCaBundle } from './build-step.ts';
export { bundleCheck, update } from './check.ts';
export { CLIENT_NAMES, type Client, NOT_EXAMINED } from './clients/client.ts';
export type { ClientMap } from './clients/map.ts';
export type { Inspected } from './describe.ts';
export { type Difference, difference } from './diff.ts';
export { inspection } from './inspect.ts';
export type { InspectedImage } from './inspect-image.ts';
export { addedCertificates, clientsOnMachine, inForceIn, readLock } from './lazy.ts';
export { BUNDLE_FILE, LOCK_FILE, type Lock } from './lock/lock.ts';
export type { Probed, ProbedBy } from './probe/server.ts';
export { probing } from './probe.ts';
