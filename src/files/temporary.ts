import { mkdtemp, readdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HeldFolder, holdFolder } from './folder.ts';
import { currentOwner, formatOwner, isGoneByName } from './owner.ts';
import { removeTree, removeTreeIfStopped } from './remove.ts';

/** Bytes in the name of a file on the usual file systems (Linux, `NAME_MAX`). */
const MAX_NAME = 255;

/** Returns a unique name for a temporary file next to `name`. It contains its owner. */
export function temporaryName(name: string): string {
  return fitted(name, `.${formatOwner(currentOwner())}.${crypto.randomUUID()}.spacectl-tmp`);
}

/** Returns the hidden name `.NAME` with a suffix, with as much of the name as file systems allow. */
export function fitted(name: string, suffix: string): string {
  let start = name;
  while (Buffer.byteLength(`.${start}${suffix}`) > MAX_NAME) start = [...start].slice(0, -1).join('');
  return `.${start}${suffix}`;
}

/** Finds temporary files left behind in a directory by processes that were killed. */
export async function findAbandoned(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(isAbandoned).map((name) => path.join(folder, name));
}

/**
 * Removes temporary files left behind in a directory by processes that were killed, as far as possible. One of them may be
 * a second name of a key file that is complete.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  if ((await findAbandoned(folder)).length === 0) return;
  const held = await holdFolder(folder).catch(() => undefined);
  if (!held) return;
  try {
    await removeAbandonedIn(held);
  } finally {
    await held.close();
  }
}

/** Removes them from an open directory. */
export async function removeAbandonedIn(folder: HeldFolder): Promise<void> {
  const names = await readdir(folder.entry('.')).catch(() => []);
  for (const name of names.filter(isAbandoned)) await unlink(folder.entry(name)).catch(() => {});
}

function isAbandoned(name: string): boolean {
  const [, owner] = /\.([0-9a-f-]+)\.[0-9a-f-]+\.spacectl-tmp$/.exec(name) ?? [];
  return owner !== undefined && isGoneByName(owner);
}

/** Runs some work with an empty directory that only this user can read. It is removed with its contents afterwards. */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-'));
  try {
    return await work(folder);
  } finally {
    await removeTree(folder);
  }
}

/** An empty directory that only this user can read. It is removed if the program is stopped. */
export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with its contents. */
  remove(): Promise<void>;
}

/** Creates a temporary directory for longer than one piece of work. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-'));
  const finished = removeTreeIfStopped(folder);
  return {
    path: folder,
    async remove() {
      await removeTree(folder);
      finished();
    },
  };
}
