import path from 'node:path';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { isThere } from './install-record.ts';
import { systemctl } from './service.ts';

/** Stops and disables units before their files go. One without a file was dealt with by a run that was stopped midway. */
export async function dropUnits(
  root: string | undefined,
  units: readonly string[],
  { action }: Planner,
): Promise<readonly ActionChange[]> {
  const there: string[] = [];
  for (const unit of units) if (await isThere(`/etc/systemd/system/${unit}`, root)) there.push(unit);
  if (there.length === 0) return [];
  const where = root === undefined ? ['disable', '--now'] : ['--root', path.resolve(root), 'disable'];
  const title = `${root === undefined ? 'Stop and disable' : 'Disable'} ${there.join(', ')}`;
  return [action({ title, run: (signal) => systemctl([...where, ...there], signal) })];
}
