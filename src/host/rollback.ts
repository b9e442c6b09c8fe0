import type { Stats } from 'node:fs';
import { chown, rm, stat } from 'node:fs/promises';
import { readFileIfThere } from '../files/read.ts';
import { writeFileWhole } from '../files/write.ts';
import type { FileChange } from '../step/plan.ts';

/** Puts files back as they were when it was made. */
export type Undo = () => Promise<void>;

/** Remembers the files that a plan is about to change, so that they can be put back. */
export async function rememberFiles(changes: readonly FileChange[]): Promise<Undo> {
  const before = await Promise.all(
    changes
      .filter(({ status }) => status === 'create' || status === 'change')
      .map(async (change) => ({
        ...change,
        bytes: await readFileIfThere(change.path),
        before: await stat(change.path).catch((): Stats | undefined => undefined),
      })),
  );
  return async () => {
    for (const { path: file, bytes, before: stats } of before) {
      if (!bytes || !stats) {
        await rm(file, { force: true });
        continue;
      }
      await writeFileWhole(file, bytes, { mode: stats.mode & 0o777, mayReplace: true });
      await chown(file, stats.uid, stats.gid);
    }
  };
}
