import * as v from 'valibot';
import { BadJson, readJson } from '../../core/json.ts';
import { readFileIfExists } from '../../files/read.ts';
import { removeFile } from '../../files/remove.ts';
import { writeFileWhole } from '../../files/write.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { fileBackup } from './file-backup.ts';
import { installRecord, placeIn } from './install-record.ts';

/**
 * Exists from the first change of an installation to its last: a run that finds it does everything again. Holds the backup of
 * the host, possibly with secrets, so that the run that finishes the work can roll back as well.
 */
export const MARKER_FILE = '/var/lib/spacectl/unfinished';

const hostBackup = v.object({
  /** Files that the installation is about to change. */
  files: v.pipe(v.array(fileBackup), v.readonly()),
  /** What was installed, if anything. */
  record: v.exactOptional(installRecord),
  /** Units that were started at boot. */
  enabled: v.pipe(v.array(v.string()), v.readonly()),
  /** Whether the launcher's service was running. */
  wasActive: v.boolean(),
});

/** The state of a host before an unfinished installation. */
export type HostBackup = Readonly<v.InferOutput<typeof hostBackup>>;

/**
 * Reads the marker of an installation that was interrupted or failed. It has no `before` if the installation was rolled back,
 * or if the marker is damaged.
 */
export async function readMarker(
  root: string | undefined,
): Promise<{ readonly before: HostBackup | undefined } | undefined> {
  const bytes = await readFileIfExists(placeIn(root, MARKER_FILE));
  if (!bytes) return undefined;
  try {
    return { before: readJson(hostBackup, bytes.toString('utf8')) };
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
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
  return action({ title: 'Mark the installation as finished', run: () => removeFile(file) });
}

/** Writes the marker. Without a `before`, the next run does everything again and cannot roll back. */
export async function writeMarker(root: string | undefined, before: HostBackup | undefined): Promise<void> {
  const text = before ? `${JSON.stringify(before)}\n` : '';
  await writeFileWhole(placeIn(root, MARKER_FILE), Buffer.from(text), { mode: 0o600, mayReplace: true });
}
