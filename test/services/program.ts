import path from 'node:path';
import { execa, type Options } from 'execa';
import { CACHE } from './temporary.ts';

/** The built program. */
export const PROGRAM = path.resolve('dist/run.cjs');

/** The environment of the program in tests: nothing of the developer's own `SPACECTL_*` variables reaches it. */
export function environmentOf(env: Readonly<Record<string, string>> = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SPACECTL_')));
  return { ...clean, NO_COLOR: '1', XDG_CACHE_HOME: CACHE, ...env };
}

/** Runs the built program as a process of its own, without a terminal. */
export function spacectl(args: readonly string[], options: Options & { env?: Record<string, string> } = {}) {
  return execa(process.execPath, [PROGRAM, ...args], {
    reject: false,
    stdin: 'ignore',
    ...options,
    extendEnv: false,
    env: environmentOf(options.env),
  });
}
