import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../core/errors.ts';
import type { Api } from '../api/api.ts';
import { type PoolSettings, updatePool } from '../api/pool-changes.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';

/** Settings that can be changed, as they are read. */
export type ReadSettings = Pick<WorkerPool, 'name' | 'description' | 'labels' | 'space' | 'driftDetectionRunLimit'>;

const NAMES = ['name', 'description', 'labels', 'space', 'driftDetectionRunLimit'] as const;

/** Returns a pool's settings. */
export function settingsOf({ name, description, labels, space, driftDetectionRunLimit }: WorkerPool): ReadSettings {
  return { name, description, labels, space, driftDetectionRunLimit };
}

/** Returns the names of the settings that differ. */
export function differencesOf(one: ReadSettings, other: ReadSettings): readonly (typeof NAMES)[number][] {
  return NAMES.filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/**
 * Changes settings, and reads them again to compare. Sends what changed and, unchanged, the name and what else has a value:
 * Spacelift's Terraform provider sends everything each time, so a setting that is left out may be cleared. A setting
 * without a value is never sent, since it may have a value that could not be read.
 *
 * @throws UserError `SPACECTL_REQUEST_REFUSED` if the settings are others afterwards
 */
export async function changeSettings(
  api: Api,
  id: string,
  { present, wanted }: { readonly present: ReadSettings; readonly wanted: ReadSettings },
  signal: AbortSignal,
): Promise<void> {
  const changed: readonly string[] = differencesOf(present, wanted);
  const sent = Object.entries(wanted).filter(
    ([name, value]) => changed.includes(name) || (value !== null && !isDeepStrictEqual(value, [])),
  );
  await updatePool(api, id, { name: wanted.name, ...(Object.fromEntries(sent) as Partial<PoolSettings>) }, signal);
  const after = settingsOf(await getPool(api, id, signal));
  const others = differencesOf(after, wanted);
  if (others.length === 0) return;
  const found = others.map((name) => `${name} is ${JSON.stringify(after[name])}, not ${JSON.stringify(wanted[name])}`);
  throw new UserError(
    'SPACECTL_REQUEST_REFUSED',
    `Spacelift accepted the change of worker pool ${id}, but afterwards ${found.join('; ')}`,
    { suggestions: [{ command: `spacectl workerpool show --pool-id ${id}` }] },
  );
}
