import type { WatchedArrival } from './new-workers.ts';
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
