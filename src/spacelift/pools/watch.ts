import type { UserError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import type { Api } from '../api/api.ts';
import { tolerateOutages } from '../api/outage.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';

/** Yields the pool repeatedly, or the error during a temporary outage. @param every milliseconds between requests */
export async function* watchPool(
  api: Api,
  pool: WorkerPool,
  { every, looks, signal }: { readonly every: number; readonly looks: number; readonly signal: AbortSignal },
): AsyncGenerator<WorkerPool | UserError> {
  const poll = tolerateOutages(() => getPool(api, pool.id, signal));
  try {
    yield pool;
    for (let look = 1; look < looks; look++) {
      await pause(every, signal);
      yield await poll();
    }
  } finally {
    api.close();
  }
}
