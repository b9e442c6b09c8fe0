import type { Api } from '../api/api.ts';
import type { WorkerPool } from '../api/worker-pools.ts';
import type { WatchedArrival } from './new-workers.ts';
import type { WaitOptions } from './poll-pool.ts';
import type { RetiredPool } from './retired-pool.ts';
import type { PoolStanding } from './standing.ts';
import type { TokenState } from './token-state.ts';

/** Compares the token in a pool's folder with the one that Spacelift has. @returns `undefined` if they cannot be compared */
export async function folderTokenState(dir: string, signal: AbortSignal): Promise<TokenState | undefined> {
  return (await import('./token-state.ts')).folderTokenState(dir, signal);
}

/** Reads a folder's pool at Spacelift. @returns `undefined` without credentials. @throws UserError as `getPool` */
export async function standingOf(
  pool: Parameters<typeof import('./standing.ts').standingOf>[0],
  signal: AbortSignal,
): Promise<PoolStanding | undefined> {
  return (await import('./standing.ts')).standingOf(pool, signal);
}

/** Notes which workers a pool has, to tell later which are new. @throws UserError as `getPool` */
export async function watchArrival(
  pool: Parameters<typeof import('./new-workers.ts').watchArrival>[0],
  signal: AbortSignal,
): Promise<WatchedArrival | undefined> {
  return (await import('./new-workers.ts')).watchArrival(pool, signal);
}

/** Lists the pools of the account, which are remembered for a minute. @throws UserError as `findCredentials` and `listPools` */
export const knownPools: typeof import('./known-pools.ts').knownPools = async (...given) =>
  (await import('./known-pools.ts')).knownPools(...given);

/** Finds the pool of a folder that is retired. @throws UserError as in `retired-pool.ts` */
export async function findRetiredPool(
  choice: Parameters<typeof import('./retired-pool.ts').findRetiredPool>[0],
  signal: AbortSignal,
): Promise<RetiredPool> {
  return (await import('./retired-pool.ts')).findRetiredPool(choice, signal);
}

/** Deletes the pool of a folder that is retired. */
export async function deleteRetiredPool(api: Api, dir: string, pool: WorkerPool, signal: AbortSignal): Promise<void> {
  await (await import('./retired-pool.ts')).deleteRetiredPool(api, dir, pool, signal);
}

/** Drains all workers of a pool. */
export async function drainPool(api: Api, pool: WorkerPool, signal: AbortSignal): Promise<void> {
  await (await import('./drain.ts')).drainAll(api, pool.id, pool.workers, signal);
}

/** Waits until no worker of a pool is busy. @throws UserError `SPACECTL_UNREACHABLE` after the timeout */
export async function waitUntilPoolIdle(api: Api, poolId: string, options: WaitOptions): Promise<void> {
  await (await import('./drain.ts')).waitUntilAllIdle(api, poolId, options);
}
