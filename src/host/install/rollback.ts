import { writeFileWhole } from '../../files/write.ts';
import type { FileChange, Planner } from '../../step/plan.ts';
import { outputOf } from '../programs.ts';
import { backUpFiles, restoreFiles } from './file-backup.ts';
import { type HostBackup, writeMarker } from './install-marker.ts';
import { EMPTY_RECORD, formatRecord, type InstallRecord, RECORD_FILE, readRecord } from './install-record.ts';
import { SEALED } from './secrets.ts';
import { serviceState, systemctl } from './service.ts';
import type { Rollback } from './start-service.ts';
import { trustUpdate } from './trust-store.ts';

/**
 * What the host is like before the changes of a plan; where an earlier run was stopped, before that one. In a tree
 * nothing is started that could fail: there is nothing to roll back, and only the record counts.
 */
export async function backUpHost(
  plan: {
    readonly files: readonly FileChange[];
    readonly hasSealed: boolean;
    readonly units: readonly string[];
    /** What the service will make itself, in place of what may have been installed there. */
    readonly generated: readonly string[];
    readonly earlier: HostBackup | undefined;
    readonly root: string | undefined;
  },
  { signal }: Planner,
): Promise<HostBackup> {
  const { files, hasSealed, units, generated, earlier, root } = plan;
  const record = earlier ? earlier.record : await readRecord(root);
  if (root !== undefined) return { files: [], ...(record && { record }), enabled: [], wasActive: false };
  const changing = files.filter(({ status }) => status === 'create' || status === 'change').map(({ path }) => path);
  const enabled: string[] = [];
  for (const unit of earlier ? [] : units) {
    if ((await outputOf('systemctl', ['is-enabled', unit], signal)) === 'enabled') enabled.push(unit);
  }
  const touched = [...changing, ...generated, ...(hasSealed ? [] : [SEALED])];
  return {
    files: await backUpFiles(touched, earlier?.files ?? []),
    ...(record && { record }),
    enabled: earlier?.enabled ?? enabled,
    wasActive: earlier?.wasActive ?? (await serviceState(signal))?.active === 'active',
  };
}

/**
 * The host as it was. The user and folders that were made stay, and are written down: the next installation finds them,
 * and an uninstallation takes them away.
 */
export function rollbackTo(
  before: HostBackup,
  { units, madeUser, madeFolders }: InstallRecord,
  planner: Planner,
): Rollback {
  const files = before.files.filter(({ path }) => path !== RECORD_FILE);
  return {
    wasActive: before.wasActive,
    async run(limit) {
      const fresh = units.filter((unit) => !before.enabled.includes(unit));
      if (fresh.length > 0) await systemctl(['disable', '--now', ...fresh], limit).catch(() => {});
      await restoreFiles(files);
      for (const { run } of trustUpdate({ root: undefined, went: files.map(({ path }) => path) }, planner)) {
        await run(limit, () => {}).catch(() => {});
      }
      const record = { ...(before.record ?? EMPTY_RECORD), madeUser, madeFolders };
      await writeFileWhole(RECORD_FILE, Buffer.from(formatRecord(record)), { mode: 0o600, mayReplace: true });
      await writeMarker(undefined, undefined);
    },
  };
}
