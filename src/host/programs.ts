import { UserError } from '../core/errors.ts';
import { runProgram } from '../programs/index.ts';

/** Reports whether an error means that a program is not installed. */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof UserError && error.code === 'SPACECTL_PROGRAM_MISSING';
}

/** Runs a program and returns its output, trimmed. Returns `undefined` if it is not installed or fails. */
export async function outputOf(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runProgram(program, args, { signal });
    return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
  } catch (error) {
    if (isMissingProgram(error)) return undefined;
    throw error;
  }
}

/** Runs a program. @throws UserError `SPACECTL_PROGRAM_FAILED` with its error if it fails */
export async function runOrThrow(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram(program, args, { signal });
  if (exitCode !== 0) throw new UserError('SPACECTL_PROGRAM_FAILED', `${program} ${args.join(' ')} failed: ${stderr}`);
}
