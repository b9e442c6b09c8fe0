import { readFile } from 'node:fs/promises';
import { UserError } from '../step/errors.ts';
import type { ActionChange, Plan, Planner } from '../step/plan.ts';
import { act, outputOf } from './programs.ts';
import { LAUNCHER, placeIn, RECORD, type Record, type RecordedFile, readRecord, sha256, UNFINISHED } from './record.ts';
import { isThere } from './recorded.ts';
import { folderRemoval, removal } from './removal.ts';
import { SECRETS } from './rendered.ts';
import { systemctl } from './service.ts';

interface Wanted {
  readonly root: string | undefined;
  readonly purge: boolean;
}

/** What the record names goes; a file that was changed since stays, and so do the secrets unless they are to be purged. */
export async function planUninstall({ root, purge }: Wanted, planner: Planner): Promise<Plan> {
  if (process.getuid?.() !== 0) {
    throw new UserError('SPACECTL_NOT_ALLOWED', 'Uninstalling needs root', {
      suggestions: ['sudo spacectl host uninstall'],
    });
  }
  const record = await readRecord(root);
  if (!record && purge && (await isThere(SECRETS, root)))
    return { changes: [removal(placeIn(root, SECRETS), planner)] };
  if (!record) return { changes: [], notes: ['Nothing is installed here by spacectl host install'] };
  const warnings: string[] = [];
  const goes: string[] = [];
  for (const file of record.files) {
    const fate = await fateOf(file, root, purge);
    if (fate === 'goes') goes.push(file.path);
    if (fate === 'changed') warnings.push(`${placeIn(root, file.path)} was changed since it was installed, and stays`);
    if (fate === 'secret')
      warnings.push(`${placeIn(root, file.path)} holds the private key, and stays; --purge takes it away`);
  }
  const remove = (file: string) => removal(placeIn(root, file), planner);
  return {
    changes: [
      ...(root === undefined ? [stop(record, planner)] : []),
      ...goes.map(remove),
      ...((await isThere(LAUNCHER, root)) ? [remove(LAUNCHER)] : []),
      ...(root === undefined
        ? [
            planner.action({
              title: 'Let systemd forget the units',
              run: (signal) => systemctl(['daemon-reload'], signal),
            }),
          ]
        : []),
      ...record.madeFolders.map((folder) => folderRemoval(placeIn(root, folder), purge, planner)),
      ...(record.madeUser && root === undefined ? [await userRemoval(planner)] : []),
      ...((await isThere(UNFINISHED, root)) ? [remove(UNFINISHED)] : []),
      remove(RECORD),
    ],
    warnings,
  };
}

async function fateOf(
  file: RecordedFile,
  root: string | undefined,
  purge: boolean,
): Promise<'goes' | 'gone' | 'changed' | 'secret'> {
  const bytes = await readFile(placeIn(root, file.path)).catch(() => undefined);
  if (!bytes) return 'gone';
  if (file.path === SECRETS && !purge) return 'secret';
  return file.sha256 === undefined || sha256(bytes) === file.sha256 ? 'goes' : 'changed';
}

function stop({ units }: Record, { action }: Planner): ActionChange {
  return action({
    title: `Stop and disable ${units.join(', ')}`,
    run: (signal) => systemctl(['disable', '--now', ...units], signal),
  });
}

async function userRemoval({ action, signal }: Planner): Promise<ActionChange> {
  const isThere = (await outputOf('id', ['-u', 'spacelift'], signal)) !== undefined;
  return action({
    title: 'Remove the user spacelift',
    status: isThere ? 'create' : 'unchanged',
    run: (during) => act('userdel', ['spacelift'], during),
  });
}
