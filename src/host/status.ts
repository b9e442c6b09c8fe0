import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfExists } from '../files/read.ts';
import { describeLauncher, type InstalledLauncher } from '../launcher/index.ts';
import { KEY_FILE } from '../pki/index.ts';
import { COMMS_URL, parseEnvironmentFile } from '../render/index.ts';
import { inquiry } from '../step/inquiry.ts';
import { createPlanner } from '../step/plan.ts';
import { installInputs } from './install/inputs.ts';
import { MARKER_FILE } from './install/install-marker.ts';
import { exists, LAUNCHER, placeIn, type RecordedFile, readRecord } from './install/install-record.ts';
import type { ServiceState } from './install/service.ts';
import { checkWorker, type WorkerReport } from './worker-check.ts';

/** A file that differs from what was installed, or from what would be rendered now. */
export interface Drift {
  readonly path: string;
  readonly drift: 'missing' | 'changed' | 'mode' | 'outdated';
}

/** What is installed on a host, and its state. */
export interface HostStatus {
  /** `/`, or the tree that --root names. */
  readonly root: string;
  readonly isInstalled: boolean;
  /** Whether an installation was interrupted, or failed. */
  readonly isUnfinished: boolean;
  readonly launcher: InstalledLauncher | undefined;
  readonly service: ServiceState | undefined;
  /** What the host's own check says; `undefined` in a tree, and if it is not installed. */
  readonly worker: WorkerReport | undefined;
  /** Whether files were rendered again and compared, which needs the pool's folder. */
  readonly isCompared: boolean;
  readonly drift: readonly Drift[];
}

/** Gets launcher, service and drift, and asks the host whether it is a worker. With the pool's folder, also renders the files again and compares them. */
export const hostStatus = inquiry({
  inputs: installInputs,
  async run(values, signal): Promise<HostStatus> {
    const { serviceState } = await import('./install/service.ts');
    const { root, dir } = values;
    const record = await readRecord(root);
    const files = record?.files ?? [];
    const drift = (await Promise.all(files.map((file) => driftOf(file, root)))).flatMap((each) => each ?? []);
    const isCompared = files.length > 0 && (await readFileIfExists(path.join(dir, KEY_FILE))) !== undefined;
    if (isCompared) {
      const { placeFiles } = await import('./install/place-files.ts');
      const wanted = { ...values, 'worker-comms-url': values['worker-comms-url'] ?? (await installedUrl(root)) };
      const { placed } = await placeFiles(wanted, createPlanner({ step: 'status', planned: [], signal }));
      const other = placed.filter(({ change }) => change.status !== 'unchanged').map(({ destination }) => destination);
      const known = drift.map((each) => each.path);
      drift.push(
        ...other.filter((each) => !known.includes(each)).map((each): Drift => ({ path: each, drift: 'outdated' })),
      );
    }
    return {
      root: root ?? '/',
      isInstalled: files.length > 0,
      isUnfinished: await exists(MARKER_FILE, root),
      launcher: await describeLauncher(placeIn(root, LAUNCHER)),
      service: root === undefined ? await serviceState(signal) : undefined,
      worker: root === undefined ? await checkWorker(signal) : undefined,
      isCompared,
      drift,
    };
  },
});

/** Returns the installed URL of the server that workers poll, the default if the answers have none. */
async function installedUrl(root: string | undefined): Promise<string | undefined> {
  const bytes = await readFileIfExists(placeIn(root, '/etc/spacelift/launcher.env'));
  return bytes && parseEnvironmentFile(bytes.toString('utf8')).variables[COMMS_URL];
}

async function driftOf(file: RecordedFile, root: string | undefined): Promise<Drift | undefined> {
  const place = placeIn(root, file.path);
  const bytes = await readFileIfExists(place);
  if (!bytes) return { path: file.path, drift: 'missing' };
  const { sha256 } = await import('../core/sha256.ts');
  if (file.sha256 !== undefined && sha256(bytes) !== file.sha256) return { path: file.path, drift: 'changed' };
  const { mode } = await stat(place);
  return (mode & 0o777) === file.mode ? undefined : { path: file.path, drift: 'mode' };
}
