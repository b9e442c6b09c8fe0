import { stat } from 'node:fs/promises';
import { writeFileWhole } from '../files/write.ts';
import { known } from '../step/content.ts';
import type { ActionChange, Change, FileChange, Plan, Planner } from '../step/plan.ts';
import { isPrepared, planTree, runInstaller } from './prepare.ts';
import { act } from './programs.ts';
import { formatRecord, placeIn, RECORD, readRecord, UNFINISHED } from './record.ts';
import { isThere, recordFor, staleFiles } from './recorded.ts';
import { removal } from './removal.ts';
import { type InstallValues, type PlacedFile, placeFiles, SECRETS } from './rendered.ts';
import { rememberFiles } from './rollback.ts';
import { holdsSealed, isSealed, isSuperseded } from './sealed.ts';
import { serviceState } from './service.ts';
import { startService } from './start.ts';

/**
 * Files first, then what is no file: user, folders, units; the service next to last, and only where something changed or
 * it is down. Where it does not stay up, the files are put back as they were. What is no longer rendered goes last.
 */
export async function planInstall(values: InstallValues, planner: Planner): Promise<Plan> {
  const { root } = values;
  const { rendered, placed } = await placeFiles(values, planner);
  const earlier = await readRecord(root);
  const hasSealed = await holdsSealed(values, rendered.secrets, planner);
  const dropsSecrets = await isSuperseded(values, rendered.secrets !== undefined);
  const stale = [...staleFiles(earlier, placed), ...(dropsSecrets ? [SECRETS] : [])];
  const record = await planner.file({
    path: placeIn(root, RECORD),
    content: known(
      formatRecord(await recordFor({ root, placed, units: rendered.units, earlier, dropsSecrets }, planner)),
    ),
    mode: 0o600,
  });
  const files = [...placed.map(({ change }) => change), record];
  const isUnfinished = await isThere(UNFINISHED, root);
  const isChanged =
    files.some(({ status }) => status !== 'unchanged') || stale.length > 0 || !hasSealed || isUnfinished;
  const hasSecrets =
    rendered.secrets !== undefined || values['secrets-from'] !== undefined || (await isThere(SECRETS, root));
  const actions =
    root === undefined
      ? [
          planner.action({
            title: 'Make the user spacelift and its folders, enable the service',
            status: !isChanged && (await isPrepared(planner)) ? 'unchanged' : 'create',
            run: (signal) => runInstaller(isSealed(values) ? rendered : { ...rendered, secrets: undefined }, signal),
          }),
          ...placed.flatMap((each) => giveToGroup(each, isUnfinished, planner)),
          ...(hasSecrets ? await restart(files, stale.length > 0 || !hasSealed, planner) : []),
        ]
      : await planTree(root, rendered.units, planner);
  const removals = [
    ...dropUnits(
      root,
      (earlier?.units ?? []).filter((unit) => !rendered.units.includes(unit)),
      planner,
    ),
    ...stale.map((file) => removal(placeIn(root, file), planner)),
  ];
  const warnings = hasSecrets ? [] : ['There is no token yet: the service is installed, and not started'];
  return {
    changes: isChanged
      ? marked(placeIn(root, UNFINISHED), [...files, ...actions, ...removals], planner)
      : [...files, ...actions, ...removals],
    warnings: [...rendered.warnings, ...warnings],
    next: root === undefined && hasSecrets ? NEXT : [],
    facts: { root: root ?? '/', units: rendered.units, hasSecrets },
  };
}

const NEXT = ['Follow it: journalctl -fu spacelift-launcher', 'See whether all is well: spacectl host doctor'];

/** Also where an earlier run was stopped between writing the files and restarting for them. */
async function restart(
  files: readonly FileChange[],
  isOther: boolean,
  planner: Planner,
): Promise<readonly ActionChange[]> {
  const since = (await serviceState(planner.signal))?.startedAt;
  const times = await Promise.all(files.map(({ path: file }) => stat(file).catch(() => undefined)));
  const isNewer = since !== undefined && times.some((stats) => stats !== undefined && stats.mtimeMs > since.getTime());
  const isChanged = isOther || isNewer || files.some(({ status }) => status !== 'unchanged');
  return startService({ isChanged, mayStart: true }, await rememberFiles(files), planner);
}

/** Changes with a mark that stays behind where they are not all made: files that are unchanged do not say that. */
function marked(file: string, changes: readonly Change[], planner: Planner): readonly Change[] {
  const mark = planner.action({
    title: 'Mark the installation as unfinished',
    run: () => writeFileWhole(file, new Uint8Array(), { mode: 0o600, mayReplace: true }),
  });
  return [mark, ...changes, removal(file, planner)];
}

/** Units that are no longer rendered, before their files go. */
function dropUnits(root: string | undefined, units: readonly string[], { action }: Planner): readonly ActionChange[] {
  if (units.length === 0) return [];
  const where = root === undefined ? ['disable', '--now'] : ['--root', root, 'disable'];
  const title = `Disable ${units.join(', ')}`;
  return [action({ title, run: (signal) => act('systemctl', [...where, ...units], signal) })];
}

/** A file that a group may read, once the group is there. */
function giveToGroup(
  { change, group }: PlacedFile,
  isUnfinished: boolean,
  { action }: Planner,
): readonly ActionChange[] {
  if (group === undefined || (change.status === 'unchanged' && !isUnfinished)) return [];
  const title = `Let the group ${group} read ${change.path}`;
  return [action({ title, run: (signal) => act('chgrp', [group, change.path], signal) })];
}
