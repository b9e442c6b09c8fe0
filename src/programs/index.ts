/** The door to other programs. */

export { handOver } from './hand-over.ts';
export { type Finished, type ProgramOptions, runProgram } from './run.ts';
export { type Streamed, streamProgram } from './stream.ts';
