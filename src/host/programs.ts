import { UserError } from '../core/errors.ts';
import { runProgram } from '../programs/index.ts';

/** Whether an error says that another program is not installed. */
export function isMissingProgram(error: unknown): boolean {
  return error instanceof UserError && error.code === 'SPACECTL_PROGRAM_MISSING';
}

/** What a program printed, trimmed; `undefined` where it is missing or failed. */
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

/** Runs a program that has to succeed. @throws UserError `SPACECTL_PROGRAM_FAILED` with what it said */
export async function runOrThrow(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram(program, args, { signal });
  if (exitCode !== 0) throw new UserError('SPACECTL_PROGRAM_FAILED', `${program} ${args.join(' ')} failed: ${stderr}`);
}
