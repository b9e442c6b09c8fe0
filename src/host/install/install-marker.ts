import { rm } from 'node:fs/promises';
import { readFileIfThere } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import type { Remembered } from './file-backup.ts';
import { placeIn, type Record } from './install-record.ts';

/**
 * There from the first change of an installation to its last: whoever finds it does all of it again. It holds what the
 * host was like before, so that the run which finishes the work can go back as well; secrets may be among it.
 */
export const UNFINISHED = '/var/lib/spacectl/unfinished';

/** What a host was like before an installation that is not finished. */
export interface Before {
  /** What the installation is about to change. */
  readonly files: readonly Remembered[];
  /** What was installed, if anything was. */
  readonly record?: Record;
  /** Units that were started at boot. */
  readonly enabled: readonly string[];
  /** Whether the launcher's service ran. */
  readonly wasUp: boolean;
}

/** The mark of an installation that was stopped, or failed: then it went back, and there is nothing `before` it. */
export async function readUnfinished(
  root: string | undefined,
): Promise<{ readonly before: Before | undefined } | undefined> {
  const bytes = await readFileIfThere(placeIn(root, UNFINISHED));
  if (!bytes) return undefined;
  try {
    const before = JSON.parse(bytes.toString('utf8'));
    return { before: Array.isArray(before?.files) && Array.isArray(before.enabled) ? before : undefined };
  } catch {
    return { before: undefined };
  }
}

/** Leaves the mark, before anything else is done. */
export function marking(root: string | undefined, before: Before | undefined, { action }: Planner): ActionChange {
  return action({
    title: 'Mark the installation as unfinished',
    run: () => writeMark(root, before),
  });
}

/** Takes the mark away, after everything else. */
export function unmarking(root: string | undefined, { action }: Planner): ActionChange {
  const file = placeIn(root, UNFINISHED);
  return action({ title: 'Mark the installation as finished', run: () => rm(file, { force: true }) });
}

/** Without a `before`: everything is to be done again, and there is nothing to go back to. */
export async function writeMark(root: string | undefined, before: Before | undefined): Promise<void> {
  const text = before ? `${JSON.stringify(before)}\n` : '';
  await writeFileWhole(placeIn(root, UNFINISHED), Buffer.from(text), { mode: 0o600, mayReplace: true });
}
