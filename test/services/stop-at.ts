import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';

const LOADED = `--import=${new URL('stop-at.mjs', import.meta.url).href}`;

/** The nth change of the disk or step of a request, or a program, by a part of its command line, before it is started. */
export type Moment = { readonly STOP_AT: string } | { readonly STOP_BEFORE: string };

type Environment = Readonly<Record<string, string>>;

/** Runs the program and stops it at a moment. */
export const stopped = (
  args: readonly string[],
  moment: Moment,
  { signal = 'SIGKILL', env = {} }: { readonly signal?: string; readonly env?: Environment } = {},
) => spacectl(args, { env: { ...env, NODE_OPTIONS: LOADED, STOP_WITH: signal, ...moment } });

/** Runs a command to its end, and returns how many moments it has. */
export async function countMoments(args: readonly string[], env: Environment = {}): Promise<number> {
  const file = path.join(await temporaryFolder(), 'count');
  const run = await spacectl(args, { env: { ...env, NODE_OPTIONS: LOADED, STOP_COUNT: file } });
  expect({ args, exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  return Number(await readFile(file, 'utf8'));
}
