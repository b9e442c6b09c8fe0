import { readFile } from 'node:fs/promises';
import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { MARKER_FILE, readMarker } from './install-marker.ts';
import { isThere, LAUNCHER, placeIn, RECORD_FILE, type RecordedFile, readRecord } from './install-record.ts';
import { installedBefore } from './new-record.ts';
import { clearInstallers } from './prepare-host.ts';
import { fileRemoval, folderRemoval, leftoverRemovals } from './remove-files.ts';
import { KEY_FILES } from './secrets.ts';
import { systemctl } from './service.ts';
import { userRemoval } from './service-user.ts';
import { trustUpdate } from './trust-store.ts';
import { dropUnits } from './units.ts';

interface Wanted {
  readonly root: string | undefined;
  readonly purge: boolean;
}

/** What the service puts into memory at its start. */
const VOLATILE = ['/run/spacelift/metadata.env', '/run/spacelift/secrets.env'];

/** What the record names goes; a file that was changed since stays, and so do the secrets unless they are to be purged. */
export async function planUninstall({ root, purge }: Wanted, planner: Planner): Promise<Plan> {
  if (process.getuid?.() !== 0) {
    throw new UserError('SPACECTL_NOT_ALLOWED', 'Uninstalling needs root', {
      suggestions: ['sudo spacectl host uninstall'],
    });
  }
  const before = (await readMarker(root))?.before;
  const record = installedBefore(await readRecord(root), before);
  const remove = (file: string) => fileRemoval(placeIn(root, file), planner);
  const there = async (files: readonly string[]) => {
    const found: string[] = [];
    for (const file of files) if (await isThere(file, root)) found.push(file);
    return found;
  };
  if (!record) {
    const left = purge ? await there(KEY_FILES) : [];
    const begun = await leftoverRemovals([placeIn(root, RECORD_FILE)], planner);
    return left.length + begun.length > 0
      ? { changes: [...left.map(remove), ...begun] }
      : { changes: [], notes: ['Nothing is installed here by spacectl host install'] };
  }
  const warnings: string[] = [];
  const goes: string[] = [];
  for (const file of record.files) {
    // An installation that was stopped midway left some files as they were before it.
    const earlier = before?.record?.files.find(({ path }) => path === file.path);
    const fate = await fateOf(earlier ? [file, earlier] : [file], root, purge);
    if (fate === 'goes') goes.push(file.path);
    if (fate === 'changed') warnings.push(`${placeIn(root, file.path)} was changed since it was installed, and stays`);
    if (fate === 'secret')
      warnings.push(`${placeIn(root, file.path)} holds the private key, and stays; --purge takes it away`);
  }
  const made = [LAUNCHER, ...(record.generated ?? []), ...(root === undefined ? VOLATILE : [])];
  return {
    changes: [
      ...(await dropUnits(root, record.units, planner)),
      ...goes.map(remove),
      ...(await there(made.filter((file) => !goes.includes(file)))).map(remove),
      ...trustUpdate({ root, went: goes }, planner),
      ...(root === undefined
        ? [
            planner.action({
              title: 'Let systemd forget the units',
              async run(signal) {
                await clearInstallers();
                await systemctl(['daemon-reload'], signal);
              },
            }),
          ]
        : []),
      ...record.madeFolders.map((folder) => folderRemoval(placeIn(root, folder), purge, planner)),
      ...(record.madeUser ? [await userRemoval(root, planner)] : []),
      ...(await leftoverRemovals(
        [...record.files.map(({ path }) => placeIn(root, path)), placeIn(root, RECORD_FILE)],
        planner,
      )),
      ...(await there([MARKER_FILE])).map(remove),
      remove(RECORD_FILE),
    ],
    warnings,
  };
}

async function fateOf(
  states: readonly RecordedFile[],
  root: string | undefined,
  purge: boolean,
): Promise<'goes' | 'gone' | 'changed' | 'secret'> {
  const file = states[0]?.path ?? '';
  const bytes = await readFile(placeIn(root, file)).catch(() => undefined);
  if (!bytes) return 'gone';
  if (KEY_FILES.includes(file)) return purge ? 'goes' : 'secret';
  return states.some((state) => state.sha256 === undefined || sha256(bytes) === state.sha256) ? 'goes' : 'changed';
}
