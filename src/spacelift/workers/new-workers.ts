import { UserError } from '../../core/errors.ts';
import { counted, listed } from '../../core/text.ts';
import type { Api } from '../api/api.ts';
import { createApi } from '../api/client.ts';
import { getPool, type Worker, type WorkerPool } from '../api/worker-pools.ts';
import { findCredentials, hasCredentials } from '../login/credentials.ts';
import { findPoolId } from '../pools/find-pool.ts';
import { readMetadata } from './metadata.ts';
import { pollPool } from './poll-pool.ts';

/** What to wait for. */
export interface Wanted {
  /** How many workers that take runs the pool has to have. */
  readonly total: number;
  /** How many of them have to be new. */
  readonly started: number;
  /** Their tags `host`: each has to have a worker of its own. */
  readonly hosts: readonly string[];
  /** Milliseconds to wait. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly report: (progress: string) => void;
}

/** The workers of a pool that take runs, after the wait. */
export interface Arrived {
  readonly workers: readonly Worker[];
  /** Those that were not there before. */
  readonly started: readonly Worker[];
  /** The wanted tags `host` that no worker has. */
  readonly absent: readonly string[];
}

/** A pool whose workers are about to change. */
export interface WatchedArrival {
  readonly name: string;
  /** Waits until there are as many workers as wanted, or the time is over. Outages are tolerated. @throws UserError as `getPool` */
  wait(wanted: Wanted): Promise<Arrived>;
}

/**
 * Notes which workers a pool has, to tell later which are new.
 * @param pool its ID or name
 * @returns `undefined` without credentials
 * @throws UserError as `getPool` and `findPoolId`
 */
export async function watchArrival(
  { pool, profile }: { readonly pool: string; readonly profile: string | undefined },
  signal: AbortSignal,
): Promise<WatchedArrival | undefined> {
  if (!(await hasCredentials(profile, process.env))) return undefined;
  const api = createApi(await findCredentials(profile, process.env));
  const id = await findPoolId(api, pool, signal);
  const { name, workers } = await getPool(api, id, signal);
  const before = new Set(workers.map((worker) => worker.id));
  return {
    name,
    async wait(wanted) {
      try {
        return await waitFor(api, id, before, wanted);
      } finally {
        api.close();
      }
    },
  };
}

async function waitFor(
  api: Api,
  id: string,
  before: ReadonlySet<string>,
  { total, started: wanted, hosts, timeout, signal, report }: Wanted,
): Promise<Arrived> {
  const seenIn = ({ workers: all }: WorkerPool): Arrived => {
    const workers = all.filter(({ drained }) => !drained);
    return {
      workers,
      started: workers.filter((worker) => !before.has(worker.id)),
      absent: hostsWithoutWorker(hosts, workers),
    };
  };
  const isReady = (pool: WorkerPool) => {
    const { workers, started, absent } = seenIn(pool);
    return workers.length >= total && started.length >= wanted && absent.length === 0;
  };
  const doing = (pool?: WorkerPool) => {
    if (!pool) return 'Waiting for workers';
    const { workers, started, absent } = seenIn(pool);
    const waiting = absent.length > 0 ? `; waiting for ${listed(absent)}` : '';
    return `${counted(workers.length, 'worker')} of ${total}, ${started.length} new${waiting}`;
  };
  const { last } = await pollPool(api, id, isReady, { signal, report, timeout, doing });
  if (last instanceof UserError) throw last;
  return seenIn(last);
}

/** Returns the hosts that no worker has as its tag `host`. A name that is given twice needs two workers. */
function hostsWithoutWorker(hosts: readonly string[], workers: readonly Worker[]): readonly string[] {
  const tags = workers.map((worker) => readMetadata(worker)['host']);
  return hosts.filter((host) => {
    const index = tags.indexOf(host);
    if (index >= 0) tags.splice(index, 1);
    return index < 0;
  });
}
