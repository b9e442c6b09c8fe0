import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { removeFile } from '../../files/remove.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { isMissingProgram } from '../programs.ts';
import { exists, placeIn } from './install-record.ts';
import { isSystemdRunning, systemctl } from './service.ts';

const UNIT_FOLDER = '/etc/systemd/system';

/**
 * Stops and disables units before their files are removed. Skips units that an interrupted run already removed. Where systemd
 * does not run, nothing has to be stopped.
 */
export async function disableUnits(
  root: string | undefined,
  units: readonly string[],
  { action }: Planner,
): Promise<readonly ActionChange[]> {
  const present: string[] = [];
  for (const unit of units) if (await exists(`${UNIT_FOLDER}/${unit}`, root)) present.push(unit);
  if (present.length === 0) return [];
  const isRunning = root === undefined && (await isSystemdRunning());
  const title = `${isRunning ? 'Stop and disable' : 'Disable'} ${present.join(', ')}`;
  const tree = path.resolve(root ?? '/');
  return [
    action({
      title,
      run: (signal) =>
        isRunning ? systemctl(['disable', '--now', ...present], signal) : disableOffline(tree, present, signal),
    }),
  ];
}

/** Disables units in a tree, also in one whose systemd was removed. */
async function disableOffline(root: string, units: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await systemctl(['--root', root, 'disable', ...units], signal);
  } catch (error) {
    if (!isMissingProgram(error)) throw error;
    const folders = (await readdir(placeIn(root, UNIT_FOLDER))).filter((name) => name.endsWith('.wants'));
    for (const folder of folders) {
      for (const unit of units) await removeFile(placeIn(root, `${UNIT_FOLDER}/${folder}/${unit}`));
    }
  }
}
