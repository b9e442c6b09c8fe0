import { createHash } from 'node:crypto';
import { cp, link, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { buildExecutable } from '../../build/executable/executable.mjs';
import { temporaryFolder } from './temporary.ts';

const CACHE = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'spacectl-test/executable');
/** Everything the executable is made of. */
const SOURCES = ['dist', 'templates', 'build/executable', 'build/lts'];
const DAY_MS = 24 * 60 * 60 * 1000;

let built: Promise<string> | undefined;

/** Returns the executable of the program as it is built now. It is kept outside the tree until it is a day old. */
export function builtExecutable(): Promise<string> {
  built ??= buildOnce();
  return built;
}

async function buildOnce(): Promise<string> {
  const file = path.join(CACHE, await digestOfSources(), 'spacectl');
  if (!(await stat(file).catch(() => undefined))) {
    await removeOld();
    await buildExecutable(process.cwd(), file);
  }
  return file;
}

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).toSorted(byPath)) {
      if (!entry.isFile() || entry.name.endsWith('.map')) continue;
      const file = path.join(entry.parentPath, entry.name);
      hash.update(`${file}\n`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

interface Named {
  readonly parentPath: string;
  readonly name: string;
}

function byPath(one: Named, other: Named): number {
  const [a, b] = [path.join(one.parentPath, one.name), path.join(other.parentPath, other.name)];
  return a < b ? -1 : 1;
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(CACHE).catch(() => [])) {
    const folder = path.join(CACHE, name);
    const { mtimeMs } = (await stat(folder).catch(() => undefined)) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > DAY_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** Copies the libraries that a program is linked to into a root, at the paths where its loader looks for them. */
export async function copyLibraries(program: string, root: string): Promise<void> {
  const { stdout } = await execa('ldd', [program]);
  for (const [library] of stdout.matchAll(/\/\S+\.so\S*/g)) {
    await mkdir(path.join(root, path.dirname(library)), { recursive: true });
    await cp(library, path.join(root, library), { dereference: true });
  }
}

/** A root with the executable as `/usr/local/bin/spacectl`, the libraries it needs, and nothing else. */
export async function rootWithExecutable(): Promise<string> {
  const [program, root] = [await builtExecutable(), await temporaryFolder()];
  const target = path.join(root, 'usr/local/bin/spacectl');
  await mkdir(path.dirname(target), { recursive: true });
  await link(program, target).catch(() => cp(program, target));
  await mkdir(path.join(root, 'tmp'));
  await copyLibraries(program, root);
  return root;
}
