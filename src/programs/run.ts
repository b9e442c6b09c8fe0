import { execa } from 'execa';
import { abortReason, UserError } from '../core/errors.ts';
import { environmentFor } from './environment.ts';
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

/** Creates the error for a program that is not installed. */
export function missing(program: string, cause: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_MISSING', `${program} is not installed or not in PATH`, { cause });
}

/** Creates the error for a program that was killed, or that could not be started for another reason than being missing. */
export function endedWithoutCode(
  program: string,
  result: { readonly signal?: string | undefined; readonly code?: string | undefined },
): UserError {
  const reason = result.signal ? `was killed by ${result.signal}` : `cannot be run: ${result.code ?? 'no exit code'}`;
  return failed(`${program} ${reason}`, result);
}

/** Creates the error for a program that was ended after its time limit. @param timeout milliseconds */
export function overdue(program: string, timeout: number, cause: unknown): UserError {
  return failed(`${program} did not finish within ${timeout / 1000} seconds`, cause);
}

/** Creates the error for a program that failed. */
function failed(message: string, cause: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_FAILED', message, { cause });
}
