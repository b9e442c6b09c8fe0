import type { Api } from './api/api.ts';
import type { WorkerPool } from './api/worker-pools.ts';
import type { RetiredPool } from './pools/retired-pool.ts';
import type { PoolStanding } from './pools/standing.ts';
import type { TokenState } from './tokens/token-state.ts';
import type { WatchedArrival } from './workers/new-workers.ts';
import type { WaitOptions } from './workers/poll-pool.ts';

/** Compares the token in a pool's folder with the one that Spacelift has. @returns `undefined` if they cannot be compared */
export async function folderTokenState(dir: string, signal: AbortSignal): Promise<TokenState | undefined> {
  return (await import('./tokens/token-state.ts')).folderTokenState(dir, signal);
}

/** Reports whether there are credentials for Spacelift. @throws UserError if they cannot be read */
export async function hasCredentials(
  ...given: Parameters<typeof import('./login/credentials.ts').hasCredentials>
): Promise<boolean> {
  return (await import('./login/credentials.ts')).hasCredentials(...given);
}

/** Reads a folder's pool at Spacelift. @returns `undefined` without credentials. @throws UserError as `getPool` */
export async function standingOf(
  pool: Parameters<typeof import('./pools/standing.ts').standingOf>[0],
  signal: AbortSignal,
): Promise<PoolStanding | undefined> {
  return (await import('./pools/standing.ts')).standingOf(pool, signal);
}

/** Notes which workers a pool has, to tell later which are new. @throws UserError as `getPool` */
export async function watchArrival(
  pool: Parameters<typeof import('./workers/new-workers.ts').watchArrival>[0],
  signal: AbortSignal,
): Promise<WatchedArrival | undefined> {
  return (await import('./workers/new-workers.ts')).watchArrival(pool, signal);
}

/** Lists the pools of the account, which are remembered for a minute. @throws UserError as `findCredentials` and `listPools` */
export const knownPools: typeof import('./pools/known-pools.ts').knownPools = async (...given) =>
  (await import('./pools/known-pools.ts')).knownPools(...given);

/** Finds the pool of a folder that is retired. @throws UserError as in `retired-pool.ts` */
export async function findRetiredPool(
  choice: Parameters<typeof import('./pools/retired-pool.ts').findRetiredPool>[0],
  signal: AbortSignal,
): Promise<RetiredPool> {
  return (await import('./pools/retired-pool.ts')).findRetiredPool(choice, signal);
}

/** Deletes the pool of a folder that is retired. */
export async function deleteRetiredPool(api: Api, dir: string, pool: WorkerPool, signal: AbortSignal): Promise<void> {
  await (await import('./pools/retired-pool.ts')).deleteRetiredPool(api, dir, pool, signal);
}

/** Drains all workers of a pool. */
export async function drainPool(api: Api, pool: WorkerPool, signal: AbortSignal): Promise<void> {
  await (await import('./workers/drain.ts')).drainAll(api, pool.id, pool.workers, signal);
}

/** Waits until no worker of a pool is busy. @throws UserError `SPACECTL_UNREACHABLE` after the timeout */
export async function waitUntilPoolIdle(api: Api, poolId: string, options: WaitOptions): Promise<void> {
  await (await import('./workers/drain.ts')).waitUntilAllIdle(api, poolId, options);
}
