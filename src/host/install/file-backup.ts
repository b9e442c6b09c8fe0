import type { Stats } from 'node:fs';
import { chown, rm, stat } from 'node:fs/promises';
import { readFileIfThere } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';

/** A file as it was before an installation touched it; without `before` there was none. */
export interface FileBackup {
  readonly path: string;
  readonly before?: {
    readonly mode: number;
    readonly owner: number;
    readonly group: number;
    readonly base64: string;
  };
}

/**
 * Remembers files that are about to change. What an earlier run remembered counts, for it was stopped somewhere between
 * what was there before it and what it was about to make of it.
 */
export async function backUpFiles(
  files: readonly string[],
  earlier: readonly FileBackup[],
): Promise<readonly FileBackup[]> {
  const others = files.filter((file) => !earlier.some(({ path }) => path === file));
  return [...earlier, ...(await Promise.all(others.map(backUp)))];
}

async function backUp(file: string): Promise<FileBackup> {
  const bytes = await readFileIfThere(file);
  const stats = await stat(file).catch((): Stats | undefined => undefined);
  if (!bytes || !stats) return { path: file };
  const { mode, uid, gid } = stats;
  return {
    path: file,
    before: { mode: mode & 0o777, owner: uid, group: gid, base64: bytes.toString('base64') },
  };
}

/** Makes files what they were. */
export async function restoreFiles(files: readonly FileBackup[]): Promise<void> {
  for (const { path: file, before } of files) {
    if (!before) {
      await rm(file, { force: true });
      continue;
    }
    await writeFileWhole(file, Buffer.from(before.base64, 'base64'), { mode: before.mode, mayReplace: true });
    await chown(file, before.owner, before.group);
  }
}
