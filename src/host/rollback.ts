import { rm, stat } from 'node:fs/promises';
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
        before: await modeOf(change.path),
      })),
  );
  return async () => {
    for (const { path: file, bytes, before: mode } of before) {
      if (!bytes || mode === undefined) {
        await rm(file, { force: true });
        continue;
      }
      await writeFileWhole(file, bytes, { mode, mayReplace: true });
    }
  };
}

async function modeOf(file: string): Promise<number | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats && stats.mode & 0o777;
}
