import { readFile } from 'node:fs/promises';
import { sha256 } from '../../core/sha256.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { API_KEY_FILE, apiKeyWarning } from './api-key.ts';
import { MARKER_FILE, readMarker } from './install-marker.ts';
import {
  exists,
  LAUNCHER,
  LAUNCHER_STATE,
  placeIn,
  RECORD_FILE,
  type RecordedFile,
  readRecord,
  SERVICE,
} from './install-record.ts';
import { installedBefore } from './new-record.ts';
import { fileRemoval, folderRemoval, leftoverRemovals, updateRemovals } from './remove-files.ts';
import { requireRoot } from './require-root.ts';
import { planRoleCopies } from './role-copies.ts';
import { clearInstallers } from './run-installer.ts';
import { SECRET_FILES } from './secrets.ts';
import { isSystemdRunning, systemctl } from './service.ts';
import { userRemoval } from './service-user.ts';
import { trustUpdate } from './trust-store.ts';
import { disableUnits } from './units.ts';

interface UninstallOptions {
  readonly root: string | undefined;
  readonly purge: boolean;
}

/** What the service keeps in memory: secrets that it fetched, metadata, the state of its starts. */
const RUNTIME_FOLDER = '/run/spacelift';

/** Plans to remove everything in the install record, except files that were changed since, and secrets unless purging. */
export async function planUninstall({ root, purge }: UninstallOptions, planner: Planner): Promise<Plan> {
  requireRoot('Uninstalling', 'sudo spacectl host uninstall');
  const before = (await readMarker(root))?.before;
  const record = installedBefore(await readRecord(root), before);
  const remove = (file: string) => fileRemoval(placeIn(root, file), planner);
  const existing = async (files: readonly string[]) => {
    const found: string[] = [];
    for (const file of files) if (await exists(file, root)) found.push(file);
    return found;
  };
  const copies = await planRoleCopies(root, purge, planner);
  const secrets = await existing(SECRET_FILES);
  if (!record) {
    const leftovers = await leftoverRemovals([placeIn(root, RECORD_FILE)], planner);
    const changes = [...(purge ? secrets.map(remove) : []), ...copies.changes, ...leftovers];
    const hasUnit = await exists(`/etc/systemd/system/${SERVICE}`, root);
    return {
      changes,
      warnings: hasUnit ? [NO_RECORD, ...copies.warnings] : copies.warnings,
      notes: changes.length > 0 || hasUnit ? [] : ['Nothing was installed here'],
    };
  }
  const warnings = [...copies.warnings, ...((await exists(API_KEY_FILE, root)) ? [apiKeyWarning(root)] : [])];
  const removed: string[] = [];
  const others = secrets.filter((path) => !record.files.some((file) => file.path === path));
  for (const file of [...record.files, ...others.map((path) => ({ path, mode: 0o600, isSecret: true }))]) {
    // An interrupted installation left some files as they were before.
    const earlier = before?.record?.files.find(({ path }) => path === file.path);
    const decision = await decideRemoval(earlier ? [file, earlier] : [file], root, purge);
    if (decision === 'remove') removed.push(file.path);
    if (decision === 'changed')
      warnings.push(`${placeIn(root, file.path)} was changed since it was installed, and is kept`);
    if (decision === 'secret')
      warnings.push(`${placeIn(root, file.path)} contains the private key, and is kept; --purge removes it`);
  }
  const generated = [LAUNCHER, ...(record.generated ?? [])];
  const folders = [...(root === undefined ? [RUNTIME_FOLDER] : []), LAUNCHER_STATE];
  return {
    changes: [
      ...(await disableUnits(root, record.units, planner)),
      ...(await updateRemovals(
        generated.map((file) => placeIn(root, file)),
        planner,
      )),
      ...removed.map(remove),
      ...(await existing(generated.filter((file) => !removed.includes(file)))).map(remove),
      ...trustUpdate({ root, removed }, planner),
      ...copies.changes,
      ...(root === undefined
        ? [
            planner.action({
              title: 'Reload systemd without the units',
              async run(signal) {
                await clearInstallers();
                if (await isSystemdRunning()) await systemctl(['daemon-reload'], signal);
              },
            }),
          ]
        : []),
      ...(await existing(folders)).map((folder) => folderRemoval(placeIn(root, folder), true, planner)),
      ...record.madeFolders.map((folder) => folderRemoval(placeIn(root, folder), purge, planner)),
      ...(record.madeUser ? [await userRemoval(root, planner)] : []),
      ...(await leftoverRemovals(
        [...record.files.map(({ path }) => placeIn(root, path)), placeIn(root, RECORD_FILE)],
        planner,
      )),
      ...(await existing([MARKER_FILE])).map(remove),
      remove(RECORD_FILE),
    ],
    warnings,
  };
}

const NO_RECORD =
  'There is no install record, so only secrets are removed. To uninstall everything, install again with the same answers first';

/** Decides whether to remove a file: `missing` and `changed` ones and a `secret` are not removed. */
async function decideRemoval(
  states: readonly RecordedFile[],
  root: string | undefined,
  purge: boolean,
): Promise<'remove' | 'missing' | 'changed' | 'secret'> {
  const file = states[0]?.path ?? '';
  const bytes = await readFile(placeIn(root, file)).catch(() => undefined);
  if (!bytes) return 'missing';
  if (SECRET_FILES.includes(file)) return purge ? 'remove' : 'secret';
  return states.some((state) => state.sha256 === undefined || sha256(bytes) === state.sha256) ? 'remove' : 'changed';
}
