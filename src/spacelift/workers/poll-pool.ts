import { UserError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import type { Api } from '../api/api.ts';
import { tolerateOutages } from '../api/outage.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';

/** Milliseconds between two requests for a pool's state. */
const POLL_INTERVAL_MS = 2_000;

/** How to wait for a pool. */
export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: string) => void;
  /** Milliseconds to wait; forever by default. */
  readonly timeout?: number;
}

/**
 * Polls a pool until it is ready, or the time is over. Tolerates temporary network outages.
 *
 * @param doing message while it waits, given the pool; during an outage without it
 * @returns the pool as it was seen last, or the outage
 * @throws UserError as `getPool`
 */
export async function pollPool(
  api: Api,
  poolId: string,
  isReady: (pool: WorkerPool) => boolean,
  {
    signal,
    report,
    timeout = Number.POSITIVE_INFINITY,
    doing,
  }: WaitOptions & { readonly doing: (pool?: WorkerPool) => string },
): Promise<{ readonly isReady: boolean; readonly last: WorkerPool | UserError }> {
  const deadline = Date.now() + timeout;
  const poll = tolerateOutages(() => getPool(api, poolId, signal));
  for (let told: string | undefined; ; ) {
    const last = await poll();
    const isOutage = last instanceof UserError;
    if (!isOutage && isReady(last)) return { isReady: true, last };
    if (Date.now() > deadline) return { isReady: false, last };
    const now = isOutage ? `${doing()}. ${last.message}: retrying` : doing(last);
    if (now !== told) report(now);
    told = now;
    await pause(POLL_INTERVAL_MS, signal);
  }
}
