import { execa } from 'execa';
import { abortReason } from '../core/errors.ts';
import { environmentFor } from './environment.ts';
import { failed, missing, type ProgramOptions } from './run.ts';

/** How a program ended whose output was taken piece by piece. `isCut`: there was enough of it, and it was ended early. */
export interface Streamed {
  readonly isCut: boolean;
  readonly exitCode: number;
  readonly stderr: string;
}

/**
 * Runs another program and hands on its output as it comes, so that it may be larger than memory.
 *
 * @param take is given the output piece by piece; once it says `enough`, the program is ended. What it throws ends the
 *   program as well, and is thrown
 * @throws UserError as `runProgram`
 */
export async function streamProgram(
  program: string,
  args: readonly string[],
  take: (chunk: Buffer) => 'more' | 'enough',
  { signal, environment, folder }: Pick<ProgramOptions, 'signal' | 'environment' | 'folder'>,
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
  });
  let isCut = false;
  try {
    for await (const chunk of child.stdout ?? []) {
      isCut = take(chunk as Buffer) === 'enough';
      if (isCut) break;
    }
  } finally {
    // Whoever does not read on would have it wait for ever.
    child.kill();
  }
  const result = await child;
  if (signal.aborted) throw abortReason(signal);
  if (result.code === 'ENOENT' || result.code === 'EACCES') throw missing(program, result);
  const stderr = Buffer.from(result.stderr ?? '')
    .toString('utf8')
    .trim();
  if (isCut) return { isCut, exitCode: result.exitCode ?? 0, stderr };
  if (result.exitCode === undefined) throw failed(`${program} was ended by ${result.signal ?? 'a failure'}`, result);
  return { isCut, exitCode: result.exitCode, stderr };
}
