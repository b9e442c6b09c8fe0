import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { test } from 'vitest';

/** Whether a program is on the `PATH` (or in the places only root's `PATH` has). */
export function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * `test` for cases that need real programs: skipped with the reason in the title where one is missing, and failing
 * under `CI=true`, where nothing may be missing.
 */
export function testWith(...programs: readonly string[]): typeof test {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) return test;
  const reason = `needs ${missing.join(', ')}: run test/services/install.sh`;
  const stand = (title: string) =>
    process.env['CI'] === 'true'
      ? test(`${title} [${reason}]`, () => {
          throw new Error(reason);
        })
      : test.skip(`${title} [${reason}]`, () => {});
  return stand as typeof test;
}
