import { stat } from 'node:fs/promises';
import { known } from '../../step/content.ts';
import type { ActionChange, FileChange, Plan, Planner } from '../../step/plan.ts';
import { runOrThrow } from '../programs.ts';
import { checkWorker } from '../worker-check.ts';
import { API_KEY_FILE, apiKeyWarning } from './api-key.ts';
import type { InstallValues } from './inputs.ts';
import { type HostBackup, markerChange, markerRemoval, readMarker } from './install-marker.ts';
import { exists, formatRecord, type InstallRecord, placeIn, RECORD_FILE, readRecord } from './install-record.ts';
import { installedBefore, recordFor, staleFiles } from './new-record.ts';
import { type PlacedFile, placeFiles } from './place-files.ts';
import { isPrepared, planTree } from './prepare-host.ts';
import { fileRemoval } from './remove-files.ts';
import { backUpHost, rollbackTo } from './rollback.ts';
import { checkHost, runInstaller } from './run-installer.ts';
import {
  areEncryptedSecretsCurrent,
  ENCRYPTED_SECRETS,
  encryptsSecrets,
  SECRETS,
  supersededSecrets,
} from './secrets.ts';
import { serviceState } from './service.ts';
import { hasDockerGroup } from './service-user.ts';
import { startService } from './start-service.ts';
import { trustUpdate } from './trust-store.ts';
import { disableUnits } from './units.ts';

/**
 * Plans an installation: first the marker file and the install record, then the files, then user, folders and units. The
 * service is next to last, and only if something changed or it is down; if it does not stay up, everything is rolled back to
 * the state before, also before an earlier interrupted run. Files that are no longer rendered are removed last.
 */
export async function planInstall(values: InstallValues, planner: Planner): Promise<Plan> {
  const { root } = values;
  const { rendered, placed } = await placeFiles(values, planner);
  if (root === undefined) await checkHost(rendered, planner.signal);
  const unfinished = await readMarker(root);
  const earlier = installedBefore(await readRecord(root), unfinished?.before);
  const isEncryptedCurrent = await areEncryptedSecretsCurrent(values, rendered.secrets, planner);
  const drops = await supersededSecrets(values, rendered.secrets !== undefined);
  const stale = [...staleFiles(earlier, placed, rendered.generated), ...drops];
  const content = await recordFor({ values, rendered, placed, earlier, drops }, planner);
  const record = await planner.file({
    path: placeIn(root, RECORD_FILE),
    content: known(formatRecord(content)),
    mode: 0o600,
  });
  const files = [record, ...placed.map(({ change }) => change)];
  const mustRestart = stale.length > 0 || !isEncryptedCurrent || unfinished !== undefined;
  const isChanged = mustRestart || files.some(({ status }) => status !== 'unchanged');
  const hasSecrets =
    rendered.secrets !== undefined ||
    values['secrets-from'] !== undefined ||
    (await exists(encryptsSecrets(values) ? ENCRYPTED_SECRETS : SECRETS, root));
  const { units, generated } = rendered;
  const before = isChanged
    ? await backUpHost({ files, isEncryptedCurrent, units, generated, earlier: unfinished?.before, root }, planner)
    : undefined;
  const added = placed.filter(({ change }) => change.status !== 'unchanged' || unfinished);
  const trust = trustUpdate({ root, added: added.map(({ destination }) => destination) }, planner);
  const actions =
    root === undefined
      ? [
          planner.action({
            title: 'Create the user spacelift and its directories, enable the service',
            status: !isChanged && (await isPrepared(planner)) ? 'unchanged' : 'create',
            run: (signal) =>
              runInstaller(encryptsSecrets(values) ? rendered : { ...rendered, secrets: undefined }, signal),
          }),
          ...added.flatMap((each) => giveToGroup(each, planner)),
          ...trust,
          ...(hasSecrets ? await restart({ files, mustRestart, before, record: content }, planner) : []),
        ]
      : [...(await planTree(root, units, unfinished !== undefined, planner)), ...trust];
  const removals = [
    ...(await disableUnits(root, earlier?.units.filter((unit) => !units.includes(unit)) ?? [], planner)),
    ...stale.map((file) => fileRemoval(placeIn(root, file), planner)),
    ...trustUpdate({ root, removed: stale }, planner),
  ];
  const all = [...files, ...actions, ...removals];
  const isLeftOut = root !== undefined && encryptsSecrets(values) && rendered.secrets !== undefined;
  const warnings = [
    ...(hasSecrets || isLeftOut ? [] : ['No pool token yet: the service is installed but not started']),
    ...(root !== undefined && values.engine === 'docker' && !(await hasDockerGroup(root))
      ? [`${root} has no group docker, so the service cannot start there: install Docker in it`]
      : []),
    ...((await exists(API_KEY_FILE, root)) ? [apiKeyWarning(root)] : []),
    ...(isLeftOut ? [`The token and key are not in ${root}: they can only be encrypted on the running machine`] : []),
  ];
  return {
    changes: isChanged ? [markerChange(root, before, planner), ...all, markerRemoval(root, planner)] : all,
    warnings: [...rendered.warnings, ...warnings],
    next: root === undefined && hasSecrets ? NEXT : [],
    facts: { root: root ?? '/', units, hasSecrets },
  };
}

const NEXT = ['Follow the log: journalctl -fu spacelift-launcher', 'Check the host: spacectl host doctor'];

/** Restarts the service if a file changed, or is newer than the running service, or if this host is no worker. */
async function restart(
  {
    files,
    mustRestart,
    before,
    record,
  }: {
    readonly files: readonly FileChange[];
    readonly mustRestart: boolean;
    readonly before: HostBackup | undefined;
    readonly record: InstallRecord;
  },
  planner: Planner,
): Promise<readonly ActionChange[]> {
  const since = (await serviceState(planner.signal))?.startedAt;
  const times = await Promise.all(files.map(({ path: file }) => stat(file).catch(() => undefined)));
  const isNewer = since !== undefined && times.some((stats) => stats !== undefined && stats.mtimeMs > since.getTime());
  const mustStart = mustRestart || isNewer || files.some(({ status }) => status !== 'unchanged');
  const isChanged = mustStart || (await checkWorker(planner.signal))?.worker === false;
  return startService({ isChanged, mayStart: true }, before && rollbackTo(before, record, planner), planner);
}

/** Lets a file's group read it, once the group exists. */
function giveToGroup({ change, group }: PlacedFile, { action }: Planner): readonly ActionChange[] {
  if (group === undefined) return [];
  const title = `Let the group ${group} read ${change.path}`;
  return [action({ title, run: (signal) => runOrThrow('chgrp', [group, change.path], signal) })];
}
