import { execa } from 'execa';
import { abortReason, isSystemError } from '../core/errors.ts';
import { traceProgram } from '../core/trace.ts';
import { environmentFor } from './environment.ts';
import { endedWithoutCode, missing, overdue } from './failure.ts';
import { closePipesAfterExit, LONG_TIMEOUT } from './limits.ts';
import type { ProgramOptions } from './run.ts';

/** How a program ended whose output was streamed. */
export interface Streamed {
  /** Whether the reader had enough output, and the program was ended early. */
  readonly isCut: boolean;
  readonly exitCode: number;
  readonly stderr: string;
}

/**
 * Runs another program and streams its output, which may be larger than memory.
 *
 * `timeout` is `LONG_TIMEOUT` if left out.
 *
 * @param take receives the output in chunks. Returning `enough`, or throwing, ends the program
 * @throws UserError as `runProgram`
 */
export async function streamProgram(
  program: string,
  args: readonly string[],
  take: (chunk: Buffer) => 'more' | 'enough',
  { timeout = LONG_TIMEOUT, ...options }: Omit<ProgramOptions, 'input'>,
): Promise<Streamed> {
  const child = start(program, args, { ...options, timeout });
  let isCut = false;
  try {
    for await (const chunk of child.stdout ?? []) {
      isCut = take(chunk as Buffer) === 'enough';
      if (isCut) break;
    }
  } catch (error) {
    // Another process has the pipe, and it was closed on our side: there is no more output of the program itself.
    if (!isSystemError(error, 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  } finally {
    // If its output is not read to the end, the program would wait forever.
    child.kill();
  }
  return endOf(program, await child, options.signal, timeout, isCut);
}

/**
 * Runs another program and yields its output as it comes. Ending the iteration early ends the program.
 * @returns how it ended, for every exit code
 * @throws UserError as `runProgram`
 */
export async function* programOutput(
  program: string,
  args: readonly string[],
  { timeout = LONG_TIMEOUT, ...options }: Omit<ProgramOptions, 'input'>,
): AsyncGenerator<Buffer, Streamed> {
  const child = start(program, args, { ...options, timeout });
  let isAtEnd = false;
  try {
    for await (const chunk of child.stdout ?? []) yield chunk as Buffer;
    isAtEnd = true;
  } catch (error) {
    // As above.
    if (!isSystemError(error, 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  } finally {
    if (!isAtEnd) child.kill();
  }
  return endOf(program, await child, options.signal, timeout);
}

type Child = ReturnType<typeof start>;

/** Returns how a program ended. @throws UserError as `runProgram` */
function endOf(program: string, result: Awaited<Child>, signal: AbortSignal, timeout: number, isCut = false): Streamed {
  if (signal.aborted) throw abortReason(signal);
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
  if (!isCut && result.timedOut) throw overdue(program, timeout, result);
  const stderr = Buffer.from(result.stderr ?? '')
    .toString('utf8')
    .trim();
  if (!isCut && result.exitCode === undefined) throw endedWithoutCode(program, result);
  return { isCut, exitCode: result.exitCode ?? 0, stderr };
}

/** Starts a program whose output is not kept. */
function start(
  program: string,
  args: readonly string[],
  { signal, environment, folder, timeout }: Omit<ProgramOptions, 'input'>,
) {
  traceProgram(program, args);
  const child = execa(program, args, {
    reject: false,
    buffer: { stdout: false, stderr: true },
    encoding: 'buffer',
    extendEnv: false,
    env: environmentFor(environment),
    cancelSignal: signal,
    stdin: 'ignore',
    ...(folder !== undefined && { cwd: folder }),
    ...(timeout !== undefined && { timeout }),
  });
  closePipesAfterExit(child);
  return child;
}
