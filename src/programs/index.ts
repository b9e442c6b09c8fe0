/** The door to other programs: what other nouns may use of it. */

export { handOver } from './hand-over.ts';
export { type Finished, type ProgramOptions, runProgram } from './run.ts';
export { type Streamed, streamProgram } from './stream.ts';
