import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { readFileIfExists } from '../../files/read.ts';
import { removeFile } from '../../files/remove.ts';
import { writeFileWhole } from '../../files/write.ts';

/** A file before an installation changed it; without `before` it did not exist. */
export type FileBackup = Readonly<v.InferOutput<typeof fileBackup>>;

/** Schema of a backup in the marker file. */
export const fileBackup = v.object({
  path: v.string(),
  before: v.exactOptional(v.object({ mode: v.number(), owner: v.number(), group: v.number(), base64: v.string() })),
});

/**
 * Backs up files that are about to change. Keeps the backups of an earlier, interrupted run, which may have changed its
 * files already.
 */
export async function backUpFiles(
  files: readonly string[],
  earlier: readonly FileBackup[],
): Promise<readonly FileBackup[]> {
  const others = files.filter((file) => !earlier.some(({ path }) => path === file));
  return [...earlier, ...(await Promise.all(others.map(backUp)))];
}

async function backUp(file: string): Promise<FileBackup> {
  const bytes = await readFileIfExists(file);
  const stats = await stat(file).catch((): Stats | undefined => undefined);
  if (!bytes || !stats) return { path: file };
  const { mode, uid, gid } = stats;
  return {
    path: file,
    before: { mode: mode & 0o777, owner: uid, group: gid, base64: bytes.toString('base64') },
  };
}

/** Restores files from their backups. */
export async function restoreFiles(files: readonly FileBackup[]): Promise<void> {
  for (const { path: file, before } of files) {
    if (!before) {
      await removeFile(file);
      continue;
    }
    const { mode, owner: user, group } = before;
    const bytes = Buffer.from(before.base64, 'base64');
    await writeFileWhole(file, bytes, { mode, mayReplace: true, owner: { user, group } });
  }
}
