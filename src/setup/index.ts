/** Everything that `init` and `apply` set up in the directory of a pool. */
export { refuseUnnamedKey, setupDirectory } from './directory.ts';
export { keepAnswers } from './keep.ts';
export { setupParts } from './parts.ts';
