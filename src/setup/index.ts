/** Everything that `init` and `apply` set up in the directory of a pool, and where it stands. */
export { refuseUnnamedKey, setupDirectory } from './directory.ts';
export { keepAnswers } from './keep.ts';
export { statusOf } from './lazy.ts';
export { namedCloud } from './named-cloud.ts';
export { applyParts, setupParts } from './parts.ts';
export { stopsOf } from './picture.ts';
export { recordRendered } from './record.ts';
export { retire } from './retire/step.ts';
export { statusInputs, statusParts } from './status/inputs.ts';
export type { PoolStatus } from './status/status.ts';
export type { Thing, Update } from './status/thing.ts';
export { updatesFor } from './status/update.ts';
