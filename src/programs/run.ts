import { execa } from 'execa';
import { abortReason, UserError } from '../core/errors.ts';
import { environmentFor } from './environment.ts';

export interface ProgramOptions {
  readonly signal: AbortSignal;
  /** What the program reads from its standard input; nothing if left out. The place for secrets, never the arguments. */
  readonly input?: Uint8Array | string;
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Milliseconds after which it is ended; none if left out. */
  readonly timeout?: number;
}

/** How a program ended, whatever its exit code. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** For error messages: what the program said, trimmed. */
  readonly stderr: string;
}

/**
 * Runs another program to its end, without a shell and without a terminal, and hands on none of our secrets.
 *
 * @throws UserError `SPACECTL_PROGRAM_MISSING` where it is not installed; `SPACECTL_PROGRAM_FAILED` where it was ended
 *   by a signal or took too long; the user's interruption. An exit code other than 0 is the caller's business.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, input, environment, folder, timeout }: ProgramOptions,
): Promise<Finished> {
  const result = await execa(program, args, {
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    extendEnv: false,
    env: environmentFor(environment),
    cancelSignal: signal,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(folder !== undefined && { cwd: folder }),
    ...(timeout !== undefined && { timeout }),
  });
  if (signal.aborted) throw abortReason(signal);
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
  if (result.timedOut) throw failed(`${program} did not end within ${(timeout ?? 0) / 1000} seconds`, result);
  if (result.exitCode === undefined) throw failed(`${program} was ended by ${result.signal ?? 'a failure'}`, result);
  const { exitCode, stdout, stderr } = result;
  return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString('utf8').trim() };
}

export function missing(program: string, cause: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_MISSING', `${program} is not installed, or not on the PATH`, { cause });
}

export function failed(message: string, cause: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_FAILED', message, { cause });
}
