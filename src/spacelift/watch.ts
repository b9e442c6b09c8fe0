import { pause } from '../step/pause.ts';
import type { Api } from './api.ts';
import { getPool, type WorkerPool } from './worker-pools.ts';

/** A pool as it is now, and then again and again. @param every milliseconds */
export async function* watchPool(
  api: Api,
  pool: WorkerPool,
  { every, looks, signal }: { readonly every: number; readonly looks: number; readonly signal: AbortSignal },
): AsyncGenerator<WorkerPool> {
  try {
    yield pool;
    for (let look = 1; look < looks; look++) {
      await pause(every, signal);
      yield await getPool(api, pool.id, signal);
    }
  } finally {
    api.close();
  }
}
