/** The files that ship with the program: in the directory of its package, or inside the single-file executable. */

import { existsSync, readFileSync } from 'node:fs';
import { getAsset, isSea } from 'node:sea';

/** A file that ships with the program, by its path in the package. */
export type PackageFile = `dist/${string}` | `templates/${string}`;

/**
 * Reads a file of the package, as UTF-8. All reads of such files go through here, because the executable has no directory:
 * there, files are assets (https://nodejs.org/api/single-executable-applications.html).
 * @throws Error (a bug) if the file does not exist
 */
export function readPackageFile(name: PackageFile): string {
  return isSea() ? getAsset(name, 'utf8') : readFileSync(new URL(name, packageRoot()), 'utf8');
}

/** The program of a worker thread, in the form that `Worker` takes: a file or, in the executable, the source text. */
export interface ThreadProgram {
  readonly program: URL | string;
  /** Whether `program` is source text. */
  readonly eval: boolean;
}

/**
 * Finds a thread's program beside the module that starts it.
 * @param name the file in `dist/`
 * @param module the URL of the module that starts it
 * @returns `undefined` if the program does not exist, as when the sources run unbuilt
 */
export function threadProgram(name: string, module: string): ThreadProgram | undefined {
  if (isSea()) return { program: getAsset('loader.cjs', 'utf8').replace(MAIN_ENTRY, `'${name}'`), eval: true };
  const program = new URL(name, module);
  return existsSync(program) ? { program, eval: false } : undefined;
}

/** The file that `build/executable/loader.cjs` starts with. */
const MAIN_ENTRY = "'run.cjs'";

/** Returns the URL of the package's directory, with a slash at the end. Sources are one level deeper in it than the bundle. */
export function packageRoot(): URL {
  const parent = new URL('../', import.meta.url);
  return existsSync(new URL('package.json', parent)) ? parent : new URL('../', parent);
}
