import path from 'node:path';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { exists } from './install-record.ts';
import { systemctl } from './service.ts';

/** Stops and disables units before their files are removed. Skips units that an interrupted run already removed. */
export async function disableUnits(
  root: string | undefined,
  units: readonly string[],
  { action }: Planner,
): Promise<readonly ActionChange[]> {
  const present: string[] = [];
  for (const unit of units) if (await exists(`/etc/systemd/system/${unit}`, root)) present.push(unit);
  if (present.length === 0) return [];
  const command = root === undefined ? ['disable', '--now'] : ['--root', path.resolve(root), 'disable'];
  const title = `${root === undefined ? 'Stop and disable' : 'Disable'} ${present.join(', ')}`;
  return [action({ title, run: (signal) => systemctl([...command, ...present], signal) })];
}
