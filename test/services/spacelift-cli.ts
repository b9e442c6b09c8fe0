import { chmod, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildGo } from './go.ts';
import { PROGRAM } from './program.ts';
import { temporaryFolder } from './temporary.ts';

/** Creates a folder for the `PATH` with a script called spacectl. */
export async function scriptIn(script: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'spacectl'), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, 'spacectl'), 0o755);
  return folder;
}

/** What Spacelift's CLI prints for `--version` (urfave/cli@v3.9.1, help.go; spacelift-io/spacectl@490d0dd, main.go). */
export const VERSION_LINE = 'spacectl version 1.22.0';

/** Creates a folder for the `PATH` with a script that says it is Spacelift's CLI, as a shim of asdf or mise does. */
export async function shimIn(script: string): Promise<string> {
  return scriptIn(`[ "$1" = --version ] && { echo "${VERSION_LINE}"; exit; }\n${script}`);
}

/** Creates a folder for the `PATH` with this program, as npm links it. */
export async function oursIn(): Promise<string> {
  const folder = await temporaryFolder();
  await symlink(PROGRAM, path.join(folder, 'spacectl'));
  return folder;
}

/** Returns a `PATH` of these folders and the system's. */
export function pathOf(...folders: readonly string[]): string {
  return [...folders, '/usr/bin', '/bin'].join(path.delimiter);
}

/** Returns a folder for the `PATH` with a binary of Spacelift's CLI: a stand-in, compiled as the package that it is. */
export async function binaryIn(): Promise<string> {
  return path.dirname(await buildGo('test/services/spacelift-cli/main.go', 'github.com/spacelift-io/spacectl'));
}
