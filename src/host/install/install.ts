import { stat } from 'node:fs/promises';
import { known } from '../../step/content.ts';
import type { ActionChange, FileChange, Plan, Planner } from '../../step/plan.ts';
import { runOrThrow } from '../programs.ts';
import type { InstallValues } from './inputs.ts';
import { type HostBackup, markerChange, markerRemoval, readMarker } from './install-marker.ts';
import { formatRecord, type InstallRecord, isThere, placeIn, RECORD_FILE, readRecord } from './install-record.ts';
import { installedBefore, recordFor, staleFiles } from './new-record.ts';
import { type PlacedFile, placeFiles } from './place-files.ts';
import { isPrepared, planTree, runInstaller } from './prepare-host.ts';
import { fileRemoval } from './remove-files.ts';
import { backUpHost, rollbackTo } from './rollback.ts';
import { holdsSealed, isSealed, SEALED, SECRETS, supersededSecrets } from './secrets.ts';
import { serviceState } from './service.ts';
import { startService } from './start-service.ts';
import { trustUpdate } from './trust-store.ts';
import { dropUnits } from './units.ts';

/**
 * The marker file and the install record, then files, then what is no file: user, folders, units; the
 * service next to last, and only where something changed or it is down. Where it does not stay up, all is put back as it
 * was, also where an earlier run was stopped on the way. What is no longer rendered goes last.
 */
export async function planInstall(values: InstallValues, planner: Planner): Promise<Plan> {
  const { root } = values;
  const { rendered, placed } = await placeFiles(values, planner);
  const unfinished = await readMarker(root);
  const earlier = installedBefore(await readRecord(root), unfinished?.before);
  const hasSealed = await holdsSealed(values, rendered.secrets, planner);
  const drops = await supersededSecrets(values, rendered.secrets !== undefined);
  const stale = [...staleFiles(earlier, placed, rendered.generated), ...drops];
  const content = await recordFor({ values, rendered, placed, earlier, drops }, planner);
  const record = await planner.file({
    path: placeIn(root, RECORD_FILE),
    content: known(formatRecord(content)),
    mode: 0o600,
  });
  const files = [record, ...placed.map(({ change }) => change)];
  const isOther = stale.length > 0 || !hasSealed || unfinished !== undefined;
  const isChanged = isOther || files.some(({ status }) => status !== 'unchanged');
  const hasSecrets =
    rendered.secrets !== undefined ||
    values['secrets-from'] !== undefined ||
    (await isThere(isSealed(values) ? SEALED : SECRETS, root));
  const { units, generated } = rendered;
  const before = isChanged
    ? await backUpHost({ files, hasSealed, units, generated, earlier: unfinished?.before, root }, planner)
    : undefined;
  const came = placed.filter(({ change }) => change.status !== 'unchanged' || unfinished);
  const trust = trustUpdate({ root, came: came.map(({ destination }) => destination) }, planner);
  const actions =
    root === undefined
      ? [
          planner.action({
            title: 'Make the user spacelift and its folders, enable the service',
            status: !isChanged && (await isPrepared(planner)) ? 'unchanged' : 'create',
            run: (signal) => runInstaller(isSealed(values) ? rendered : { ...rendered, secrets: undefined }, signal),
          }),
          ...came.flatMap((each) => giveToGroup(each, planner)),
          ...trust,
          ...(hasSecrets ? await restart({ files, isOther, before, record: content }, planner) : []),
        ]
      : [...(await planTree(root, units, unfinished !== undefined, planner)), ...trust];
  const removals = [
    ...(await dropUnits(root, earlier?.units.filter((unit) => !units.includes(unit)) ?? [], planner)),
    ...stale.map((file) => fileRemoval(placeIn(root, file), planner)),
    ...trustUpdate({ root, went: stale }, planner),
  ];
  const all = [...files, ...actions, ...removals];
  const isLeftOut = root !== undefined && isSealed(values) && rendered.secrets !== undefined;
  const warnings = [
    ...(hasSecrets || isLeftOut ? [] : ['There is no token yet: the service is installed, and not started']),
    ...(isLeftOut ? [`Only a machine that runs has a key to encrypt with: token and key are not in ${root}`] : []),
  ];
  return {
    changes: isChanged ? [markerChange(root, before, planner), ...all, markerRemoval(root, planner)] : all,
    warnings: [...rendered.warnings, ...warnings],
    next: root === undefined && hasSecrets ? NEXT : [],
    facts: { root: root ?? '/', units, hasSecrets },
  };
}

const NEXT = ['Follow it: journalctl -fu spacelift-launcher', 'See whether all is well: spacectl host doctor'];

/** Also where files are newer than what runs. */
async function restart(
  {
    files,
    isOther,
    before,
    record,
  }: {
    readonly files: readonly FileChange[];
    readonly isOther: boolean;
    readonly before: HostBackup | undefined;
    readonly record: InstallRecord;
  },
  planner: Planner,
): Promise<readonly ActionChange[]> {
  const since = (await serviceState(planner.signal))?.startedAt;
  const times = await Promise.all(files.map(({ path: file }) => stat(file).catch(() => undefined)));
  const isNewer = since !== undefined && times.some((stats) => stats !== undefined && stats.mtimeMs > since.getTime());
  const isChanged = isOther || isNewer || files.some(({ status }) => status !== 'unchanged');
  return startService({ isChanged, mayStart: true }, before && rollbackTo(before, record, planner), planner);
}

/** A file that a group may read, once the group is there. */
function giveToGroup({ change, group }: PlacedFile, { action }: Planner): readonly ActionChange[] {
  if (group === undefined) return [];
  const title = `Let the group ${group} read ${change.path}`;
  return [action({ title, run: (signal) => runOrThrow('chgrp', [group, change.path], signal) })];
}
