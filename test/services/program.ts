import path from 'node:path';
import { execa, type Options } from 'execa';
import { CACHE } from './temporary.ts';

/** The built program. */
export const PROGRAM = path.resolve('dist/run.cjs');

/**
 * Runs the built program as a process of its own, without a terminal. Nothing of the developer's own `SPACECTL_*`
 * variables reaches it.
 */
export function spacectl(args: readonly string[], options: Options & { env?: Record<string, string> } = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SPACECTL_')));
  return execa(process.execPath, [PROGRAM, ...args], {
    reject: false,
    stdin: 'ignore',
    ...options,
    extendEnv: false,
    env: { ...clean, NO_COLOR: '1', XDG_CACHE_HOME: CACHE, ...options.env },
  });
}
