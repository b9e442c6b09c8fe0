import type { UserError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import type { Api } from '../api/api.ts';
import { outlasting } from '../api/outage.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';

/** A pool as it is now, and then again and again; why it cannot be seen, for a while. @param every milliseconds */
export async function* watchPool(
  api: Api,
  pool: WorkerPool,
  { every, looks, signal }: { readonly every: number; readonly looks: number; readonly signal: AbortSignal },
): AsyncGenerator<WorkerPool | UserError> {
  const lookAgain = outlasting(() => getPool(api, pool.id, signal));
  try {
    yield pool;
    for (let look = 1; look < looks; look++) {
      await pause(every, signal);
      yield await lookAgain();
    }
  } finally {
    api.close();
  }
}
