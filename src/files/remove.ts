import { rmSync } from 'node:fs';
import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { isSystemError } from '../core/errors.ts';
import { undoIfStopped } from '../core/unfinished.ts';
import { type HeldFolder, withFolderOf } from './folder.ts';

/** Removes a file or a link, if it exists. @throws UserError `SPACECTL_CANNOT_WRITE` */
export async function removeFile(file: string): Promise<void> {
  await removeWith(file, unlink);
}

/** Removes a directory unless it has entries, is missing or is in use. @throws UserError `SPACECTL_CANNOT_WRITE` */
export async function removeIfEmpty(folder: string): Promise<void> {
  await removeWith(folder, (place) => rmdir(place).catch(ignore('ENOTEMPTY', 'EEXIST', 'EBUSY')));
}

/**
 * Removes a directory with its contents, if it exists. Links in it are removed and never followed, also if another process
 * puts them there meanwhile: each directory is opened and its entries are removed in it.
 * @throws UserError `SPACECTL_CANNOT_WRITE`
 */
export async function removeTree(folder: string): Promise<void> {
  await withFolderOf(folder, removeEntry).catch(ignoreMissing);
}

/** Removes a directory of this process if it is stopped. @returns a function that cancels it */
export function removeTreeIfStopped(folder: string): () => void {
  return undoIfStopped(() => rmSync(folder, { recursive: true, force: true }));
}

async function removeWith(file: string, remove: (place: string) => Promise<void>): Promise<void> {
  const removal = withFolderOf(file, async (folder, name) => {
    await remove(folder.entry(name));
    await folder.sync();
  });
  await removal.catch(ignoreMissing);
}

async function removeEntry(parent: HeldFolder, name: string): Promise<void> {
  if (!(await lstat(parent.entry(name))).isDirectory()) return unlink(parent.entry(name)).catch(ignore('ENOENT'));
  const folder = await parent.open(name);
  try {
    for (const entry of await readdir(folder.entry('.'))) await removeEntry(folder, entry);
  } finally {
    await folder.close();
  }
  await rmdir(parent.entry(name)).catch(ignore('ENOENT'));
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!isSystemError(error, ...codes)) throw error;
  };
}

/** Ignores that a file, or the directory it would be in, is missing. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error) || !isSystemError(error.cause, 'ENOENT', 'ENOTDIR')) throw error;
}
