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
