/** The files that the program brings along: in the directory of its package, or inside the single-file executable. */

import { existsSync, readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';

/** A file that the program brings along, by its path in the package. */
export type PackageFile = `dist/${string}` | `templates/${string}`;

/**
 * Reads a file of the package, as UTF-8. Every file that the program needs of its own is read here, because the
 * executable has no directory: there, files are assets (https://nodejs.org/api/single-executable-applications.html).
 * @throws Error (a bug) if the file does not exist
 */
export function readPackageFile(name: PackageFile): string {
  return isSea() ? getAsset(name, 'utf8') : readFileSync(new URL(name, packageRoot()), 'utf8');
}

/** The program of a thread, as the constructor of `Worker` takes it: a file, or in the executable the program's text. */
export interface ThreadProgram {
  readonly program: URL | string;
  /** Whether `program` is text. */
  readonly eval: boolean;
}

/**
 * Finds a thread's program beside the module that starts it.
 * @param name of the file in `dist/`
 * @param module the URL of the module: the sources have no such file
 * @returns `undefined` if the program does not exist
 */
export function threadProgram(name: string, module: string): ThreadProgram | undefined {
  if (isSea()) return { program: getAsset('loader.cjs', 'utf8').replace(MAIN_ENTRY, `'${name}'`), eval: true };
  const program = new URL(name, module);
  return existsSync(program) ? { program, eval: false } : undefined;
}

/** The file that `build/executable/loader.cjs` starts with. */
const MAIN_ENTRY = "'run.cjs'";

/** Returns the directory of the package, which the sources are deeper in than the bundle: its URL ends with a slash. */
export function packageRoot(): URL {
  const parent = new URL('../', import.meta.url);
  return existsSync(new URL('package.json', parent)) ? parent : new URL('../', parent);
}
