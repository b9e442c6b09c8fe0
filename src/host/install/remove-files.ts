import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFile, removeIfEmpty, removeTree } from '../../files/remove.ts';
import { findAbandoned, removeAbandoned } from '../../files/temporary.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';

/** Folders that an installation creates. They are removed with their last file. */
const CREATED_FOLDERS = /\/(?:spacelift|spacectl|docker\.service\.d|spacelift\/docker)$/;

/** Removes a file, and its folder if an installation created it and it is empty now. */
export function fileRemoval(file: string, { action }: Planner): ActionChange {
  return action({
    title: `Remove ${file}`,
    async run() {
      await removeFile(file);
      const folder = path.dirname(file);
      if (CREATED_FOLDERS.test(folder)) await removeIfEmpty(folder);
    },
  });
}

/** Removes the temporary files that a killed run left behind next to these files, if any. */
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
      title: `Remove what an interrupted run left behind in ${folder}`,
      async run() {
        await removeAbandoned(folder);
        if (CREATED_FOLDERS.test(folder)) await removeIfEmpty(folder);
      },
    }),
  );
}

/** Removes what updates that were killed left beside the files that they replace (the scripts in templates/ name it). */
export async function updateRemovals(files: readonly string[], { action }: Planner): Promise<readonly ActionChange[]> {
  const folders = [...new Set(files.map((file) => path.dirname(file)))];
  const left = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder).catch(() => []);
      return names
        .filter((name) => /^\.(?:spacelift-launcher|ca-bundle)\./.test(name))
        .map((name) => path.join(folder, name));
    }),
  );
  return left.flat().map((file) => action({ title: `Remove ${file}`, run: () => removeTree(file) }));
}

/** Removes a folder: with its contents if purging, only if it is empty otherwise. */
export function folderRemoval(folder: string, purge: boolean, { action }: Planner): ActionChange {
  return action({
    title: purge ? `Remove ${folder} and its contents` : `Remove ${folder} if it is empty`,
    run: () => (purge ? removeTree(folder) : removeIfEmpty(folder)),
  });
}
