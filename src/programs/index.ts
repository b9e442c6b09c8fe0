/** The door to other programs. */

export { apiVariables } from './environment.ts';
export { type Filter, startFilter } from './filter.ts';
export { firstError } from './first-error.ts';
export { type Followed, followProgram } from './follow.ts';
export { HANDED_OVER, handOver, runOnTerminal } from './hand-over.ts';
export { LONG_TIMEOUT } from './limits.ts';
export { isOnPath } from './on-path.ts';
export { type Finished, type ProgramOptions, runProgram } from './run.ts';
export { programOutput, type Streamed, streamProgram } from './stream.ts';
