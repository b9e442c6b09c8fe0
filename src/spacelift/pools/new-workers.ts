import { UserError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import { counted } from '../../core/text.ts';
import type { Api } from '../api/api.ts';
import { createApi } from '../api/client.ts';
import { tolerateOutages } from '../api/outage.ts';
import { getPool, type Worker } from '../api/worker-pools.ts';
import { findCredentials, hasCredentials } from '../login/credentials.ts';
import { findPoolId } from './find-pool.ts';

/** Milliseconds between two requests for a pool's state. */
const POLL_INTERVAL_MS = 2_000;

/** What to wait for. */
export interface Wanted {
  /** How many workers that take runs the pool has to have. */
  readonly total: number;
  /** How many of them have to be new. */
  readonly started: number;
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
  { total, started: wanted, timeout, signal, report }: Wanted,
): Promise<Arrived> {
  const deadline = Date.now() + timeout;
  const poll = tolerateOutages(() => getPool(api, id, signal));
  for (let last: string | undefined, now: string; ; last = now) {
    const pool = await poll();
    const isOutage = pool instanceof UserError;
    const workers = isOutage ? [] : pool.workers.filter(({ drained }) => !drained);
    const started = workers.filter((worker) => !before.has(worker.id));
    const isDone = workers.length >= total && started.length >= wanted;
    if (!isOutage && (isDone || Date.now() > deadline)) return { workers, started };
    if (isOutage && Date.now() > deadline) throw pool;
    now = isOutage
      ? `${pool.message}: retrying`
      : `${counted(workers.length, 'worker')} of ${total}, ${started.length} new`;
    if (now !== last) report(now);
    await pause(POLL_INTERVAL_MS, signal);
  }
}
