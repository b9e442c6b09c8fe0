import { writeFileWhole } from '../../files/write.ts';
import type { FileChange, Planner } from '../../step/plan.ts';
import { outputOf } from '../programs.ts';
import { backUpFiles, restoreFiles } from './file-backup.ts';
import { type HostBackup, writeMarker } from './install-marker.ts';
import { EMPTY_RECORD, formatRecord, type InstallRecord, RECORD_FILE, readRecord } from './install-record.ts';
import { ENCRYPTED_SECRETS } from './secrets.ts';
import { serviceState, systemctl } from './service.ts';
import type { Rollback } from './start-service.ts';
import { trustUpdate } from './trust-store.ts';

/**
 * Backs up the host before a plan is applied. Keeps the backup of an earlier, interrupted run. A tree needs no rollback, since
 * no service is started that could fail: only the record is backed up.
 */
export async function backUpHost(
  plan: {
    readonly files: readonly FileChange[];
    readonly isEncryptedCurrent: boolean;
    readonly units: readonly string[];
    /** Files that the service will generate, possibly in place of installed ones. */
    readonly generated: readonly string[];
    readonly earlier: HostBackup | undefined;
    readonly root: string | undefined;
  },
  { signal }: Planner,
): Promise<HostBackup> {
  const { files, isEncryptedCurrent, units, generated, earlier, root } = plan;
  const record = earlier ? earlier.record : await readRecord(root);
  if (root !== undefined) return { files: [], ...(record && { record }), enabled: [], wasActive: false };
  const changing = files.filter(({ status }) => status === 'create' || status === 'change').map(({ path }) => path);
  const enabled: string[] = [];
  for (const unit of earlier ? [] : units) {
    if ((await outputOf('systemctl', ['is-enabled', unit], signal)) === 'enabled') enabled.push(unit);
  }
  const touched = [...changing, ...generated, ...(isEncryptedCurrent ? [] : [ENCRYPTED_SECRETS])];
  return {
    files: await backUpFiles(touched, earlier?.files ?? []),
    ...(record && { record }),
    enabled: earlier?.enabled ?? enabled,
    wasActive: earlier?.wasActive ?? (await serviceState(signal))?.active === 'active',
  };
}

/**
 * Plans to roll a host back to its backup. A user and folders that were created stay, and are recorded, so that the next
 * installation finds them and an uninstallation removes them.
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
      const newUnits = units.filter((unit) => !before.enabled.includes(unit));
      if (newUnits.length > 0) await systemctl(['disable', '--now', ...newUnits], limit).catch(() => {});
      await restoreFiles(files);
      for (const { run } of trustUpdate({ root: undefined, removed: files.map(({ path }) => path) }, planner)) {
        await run(limit, () => {}).catch(() => {});
      }
      const record = { ...(before.record ?? EMPTY_RECORD), madeUser, madeFolders };
      await writeFileWhole(RECORD_FILE, Buffer.from(formatRecord(record)), { mode: 0o600, mayReplace: true });
      await writeMarker(undefined, undefined);
    },
  };
}
