import type * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { readJson } from '../core/json.ts';
import { type Finished, firstError, runProgram } from '../programs/index.ts';

/** A cloud's own command line, which is logged in, or not. */
export interface CloudProgram {
  readonly program: string;
  /** Words behind every command. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Google's command line. It may neither ask something nor enable an API. */
export const GCLOUD: CloudProgram = {
  program: 'gcloud',
  args: ['--format=json', '--quiet'],
  environment: { CLOUDSDK_CORE_DISABLE_PROMPTS: '1', CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API: 'false' },
};

/** Azure's command line. */
export const AZ: CloudProgram = { program: 'az', args: ['--output', 'json', '--only-show-errors'], environment: {} };

/**
 * Runs a command of a cloud's own command line that only reads, and parses the JSON that it prints.
 * @throws UserError `SPACECTL_PROGRAM_MISSING`; `SPACECTL_PROGRAM_FAILED` with the program's first error
 */
export async function askProgram<const Schema extends v.GenericSchema>(
  cloud: CloudProgram,
  command: readonly string[],
  schema: Schema,
  signal: AbortSignal,
): Promise<v.InferOutput<Schema>> {
  const finished = await run(cloud, command, signal);
  return parseOutput(finished, [cloud.program, ...command].join(' '), schema);
}

/**
 * Runs a command that describes one resource, and parses its JSON.
 * @param isMissing decides whether a failed command says that the resource does not exist
 * @returns `undefined` if it does not exist
 */
export async function askForOne<const Schema extends v.GenericSchema>(
  cloud: CloudProgram,
  command: readonly string[],
  schema: Schema,
  { signal, isMissing }: { signal: AbortSignal; isMissing: (finished: Finished) => boolean },
): Promise<v.InferOutput<Schema> | undefined> {
  const finished = await run(cloud, command, signal);
  if (finished.exitCode !== 0 && isMissing(finished)) return undefined;
  return parseOutput(finished, [cloud.program, ...command].join(' '), schema);
}

function run({ program, args, environment }: CloudProgram, command: readonly string[], signal: AbortSignal) {
  return runProgram(program, [...command, ...args], { signal, environment });
}

/** Parses what a command printed. @throws UserError `SPACECTL_PROGRAM_FAILED` with its first error, or with what is wrong with the output */
export function parseOutput<const Schema extends v.GenericSchema>(
  { exitCode, stdout, stderr }: Finished,
  words: string,
  schema: Schema,
): v.InferOutput<Schema> {
  if (exitCode !== 0) throw failed(`${words} failed: ${firstError(stderr) || `exit code ${exitCode}`}`);
  try {
    return readJson(schema, stdout.toString('utf8'));
  } catch (cause) {
    throw failed(`${words} printed unexpected output: ${(cause as Error).message}`, cause);
  }
}

function failed(message: string, cause?: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_FAILED', message, { cause });
}
