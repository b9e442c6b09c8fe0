import { execa } from 'execa';
import { abortReason } from '../core/errors.ts';
import { traceProgram } from '../core/trace.ts';
import { environmentFor } from './environment.ts';
import { endedWithoutCode, missing, overdue } from './failure.ts';
import { closePipesAfterExit, USUAL_TIMEOUT } from './limits.ts';

/** How to run a program. */
export interface ProgramOptions {
  readonly signal: AbortSignal;
  /** The standard input; empty if left out. Secrets go here, never into the arguments. */
  readonly input?: Uint8Array | string;
  /** Environment variables to add. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The time limit in milliseconds; `USUAL_TIMEOUT` if left out. It holds also if the program ignores SIGTERM. */
  readonly timeout?: number;
}

/** The output and exit code of a program. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** The trimmed text, for error messages. */
  readonly stderr: string;
}

/**
 * Runs another program to its end, without a shell, a terminal, or our secrets in its environment.
 *
 * @returns for every exit code; the caller handles it
 * @throws UserError `SPACECTL_PROGRAM_MISSING` if it is not installed; `SPACECTL_PROGRAM_FAILED` if a signal ended it or
 *   it took too long; `SPACECTL_INTERRUPTED`
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, input, environment, folder, timeout = USUAL_TIMEOUT }: ProgramOptions,
): Promise<Finished> {
  traceProgram(program, args);
  const child = execa(program, args, {
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    extendEnv: false,
    env: environmentFor(environment),
    cancelSignal: signal,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(folder !== undefined && { cwd: folder }),
    timeout,
  });
  closePipesAfterExit(child);
  const result = await child;
  if (signal.aborted) throw abortReason(signal);
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
  if (result.timedOut) throw overdue(program, timeout, result);
  if (result.exitCode === undefined) throw endedWithoutCode(program, result);
  const { exitCode, stdout, stderr } = result;
  return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString('utf8').trim() };
}
