/** The door to other programs: what other nouns may use of it. */
export { type Finished, type ProgramOptions, runProgram } from './run.ts';
export { type Streamed, streamProgram } from './stream.ts';
