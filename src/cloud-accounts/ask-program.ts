import type * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { readJson } from '../core/json.ts';
import { toSafeLine } from '../core/safe-line.ts';
import { runProgram } from '../programs/index.ts';

/** A cloud's own command line, which is logged in, or not. */
export interface CloudProgram {
  readonly program: string;
  /** Words behind every command. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs a command of a cloud's own command line that only reads, and parses the JSON that it prints.
 * @throws UserError `SPACECTL_PROGRAM_MISSING`; `SPACECTL_PROGRAM_FAILED` with the program's first error
 */
export async function askProgram<const Schema extends v.GenericSchema>(
  { program, args, environment }: CloudProgram,
  command: readonly string[],
  schema: Schema,
  signal: AbortSignal,
): Promise<v.InferOutput<Schema>> {
  const { exitCode, stdout, stderr } = await runProgram(program, [...command, ...args], { signal, environment });
  const words = [program, ...command].join(' ');
  if (exitCode !== 0) throw failed(`${words} failed: ${firstError(stderr) || `exit code ${exitCode}`}`);
  try {
    return readJson(schema, stdout.toString('utf8'));
  } catch (cause) {
    throw failed(`${words} printed something else than expected: ${(cause as Error).message}`, cause);
  }
}

/** Finds the line that tells the cause: warnings come before it, and advice behind it. */
function firstError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((each) => /^ERROR: /.test(each)) ?? lines[0] ?? '';
  return toSafeLine(line.replace(/^ERROR: (?:\([\w.-]+\) )?/, '')).replace(/\.$/, '');
}

function failed(message: string, cause?: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_FAILED', message, { cause });
}
