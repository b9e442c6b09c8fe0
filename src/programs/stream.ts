import { execa } from 'execa';
import { abortReason, isSystemError } from '../core/errors.ts';
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
  { signal, environment, folder, timeout = LONG_TIMEOUT }: Omit<ProgramOptions, 'input'>,
): Promise<Streamed> {
  const child = execa(program, args, {
    reject: false,
    buffer: { stdout: false, stderr: true },
    encoding: 'buffer',
    extendEnv: false,
    env: environmentFor(environment),
    cancelSignal: signal,
    stdin: 'ignore',
    ...(folder !== undefined && { cwd: folder }),
    timeout,
  });
  closePipesAfterExit(child);
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
  const result = await child;
  if (signal.aborted) throw abortReason(signal);
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
  if (!isCut && result.timedOut) throw overdue(program, timeout, result);
  const stderr = Buffer.from(result.stderr ?? '')
    .toString('utf8')
    .trim();
  if (isCut) return { isCut, exitCode: result.exitCode ?? 0, stderr };
  if (result.exitCode === undefined) throw endedWithoutCode(program, result);
  return { isCut, exitCode: result.exitCode, stderr };
}
