import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { PROGRAM } from './program.ts';
import { CACHE, temporaryFolder } from './temporary.ts';

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

/**
 * Returns a folder for the `PATH` with a binary of Spacelift's CLI: the stand-in in test/fixtures/spacelift-cli, compiled as
 * the package that Spacelift's CLI is.
 */
export async function binaryIn(): Promise<string> {
  const source = path.resolve('test/fixtures/spacelift-cli/main.go');
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(CACHE, `spacelift-cli-${digest}`);
  if ((await execa(path.join(folder, 'spacectl'), ['--version'], { reject: false })).exitCode === 0) return folder;
  const work = await temporaryFolder();
  const packageFolder = path.join(work, 'src', 'github.com', 'spacelift-io', 'spacectl');
  await mkdir(packageFolder, { recursive: true });
  await copyFile(source, path.join(packageFolder, 'main.go'));
  const own = {
    GO111MODULE: 'off',
    GOPATH: work,
    GOFLAGS: '',
    CGO_ENABLED: '0',
    GOCACHE: path.join(CACHE, 'go-build'),
  };
  const built = path.join(work, 'built');
  await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', built, 'github.com/spacelift-io/spacectl'], {
    env: own,
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await copyFile(built, path.join(folder, `built.${process.pid}`));
  await rename(path.join(folder, `built.${process.pid}`), path.join(folder, 'spacectl'));
  return folder;
}
