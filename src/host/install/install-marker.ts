import { rm } from 'node:fs/promises';
import { readFileIfThere } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import type { FileBackup } from './file-backup.ts';
import { type InstallRecord, placeIn } from './install-record.ts';

/**
 * There from the first change of an installation to its last: whoever finds it does all of it again. It holds what the
 * host was like before, so that the run which finishes the work can go back as well; secrets may be among it.
 */
export const MARKER_FILE = '/var/lib/spacectl/unfinished';

/** What a host was like before an installation that is not finished. */
export interface HostBackup {
  /** What the installation is about to change. */
  readonly files: readonly FileBackup[];
  /** What was installed, if anything was. */
  readonly record?: InstallRecord;
  /** Units that were started at boot. */
  readonly enabled: readonly string[];
  /** Whether the launcher's service ran. */
  readonly wasActive: boolean;
}

/** Reads the marker of an installation that was stopped or failed. A failed one was rolled back: it has no `before`. */
export async function readMarker(
  root: string | undefined,
): Promise<{ readonly before: HostBackup | undefined } | undefined> {
  const bytes = await readFileIfThere(placeIn(root, MARKER_FILE));
  if (!bytes) return undefined;
  try {
    const before = JSON.parse(bytes.toString('utf8'));
    return { before: Array.isArray(before?.files) && Array.isArray(before.enabled) ? before : undefined };
  } catch {
    return { before: undefined };
  }
}

/** Writes the marker, before anything else is done. */
export function markerChange(
  root: string | undefined,
  before: HostBackup | undefined,
  { action }: Planner,
): ActionChange {
  return action({
    title: 'Mark the installation as unfinished',
    run: () => writeMarker(root, before),
  });
}

/** Removes the marker, after everything else. */
export function markerRemoval(root: string | undefined, { action }: Planner): ActionChange {
  const file = placeIn(root, MARKER_FILE);
  return action({ title: 'Mark the installation as finished', run: () => rm(file, { force: true }) });
}

/** Without a `before`: everything is to be done again, and there is nothing to go back to. */
export async function writeMarker(root: string | undefined, before: HostBackup | undefined): Promise<void> {
  const text = before ? `${JSON.stringify(before)}\n` : '';
  await writeFileWhole(placeIn(root, MARKER_FILE), Buffer.from(text), { mode: 0o600, mayReplace: true });
}
