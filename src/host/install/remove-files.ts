import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../../core/errors.ts';
import { findAbandoned, removeAbandoned } from '../../files/write.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';

/** Folders that are ours: they go with the last file in them. */
const OURS = /\/(?:spacelift|spacectl|docker\.service\.d|spacelift\/docker)$/;

/** Removes a file, and the folder it was in if that was made for it and is empty now. */
export function fileRemoval(file: string, { action }: Planner): ActionChange {
  return action({
    title: `Remove ${file}`,
    async run() {
      await rm(file, { force: true });
      const folder = path.dirname(file);
      if (OURS.test(folder)) await removeIfEmpty(folder);
    },
  });
}

/** Clears away the temporary files that a killed run left where it was about to write these; nothing where there are none. */
export async function leftoverRemovals(
  files: readonly string[],
  { action }: Planner,
): Promise<readonly ActionChange[]> {
  const folders = [...new Set(files.map((file) => path.dirname(file)))];
  const left = await Promise.all(
    folders.map(async (folder) => ((await findAbandoned(folder)).length > 0 ? folder : [])),
  );
  return left.flat().map((folder) =>
    action({
      title: `Remove what a stopped run left in ${folder}`,
      async run() {
        await removeAbandoned(folder);
        if (OURS.test(folder)) await removeIfEmpty(folder);
      },
    }),
  );
}

/** Removes a folder, with what is in it only if it is to be purged. */
export function folderRemoval(folder: string, purge: boolean, { action }: Planner): ActionChange {
  return action({
    title: purge ? `Remove ${folder} with what is in it` : `Remove ${folder} if it is empty`,
    run: () => (purge ? rm(folder, { recursive: true, force: true }) : removeIfEmpty(folder)),
  });
}

async function removeIfEmpty(folder: string): Promise<void> {
  if ((await readdir(folder).catch(() => ['?'])).length > 0) return;
  await rmdir(folder).catch((error: unknown) => {
    if (!isSystemError(error, 'ENOTEMPTY', 'ENOENT', 'EBUSY')) throw error;
  });
}
