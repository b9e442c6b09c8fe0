import type { UserError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import type { Api } from '../api/api.ts';
import { tolerateOutages } from '../api/outage.ts';
import { getWatchedPool, type WatchedPool } from '../api/worker-pools.ts';

/** Yields the pool repeatedly, or the error during a temporary outage. @param every milliseconds between requests */
export async function* watchPool(
  api: Api,
  id: string,
  { every, looks, signal }: { readonly every: number; readonly looks: number; readonly signal: AbortSignal },
): AsyncGenerator<WatchedPool | UserError> {
  try {
    yield await getWatchedPool(api, id, signal);
    const poll = tolerateOutages(() => getWatchedPool(api, id, signal));
    for (let look = 1; look < looks; look++) {
      await pause(every, signal);
      yield await poll();
    }
  } finally {
    api.close();
  }
}
