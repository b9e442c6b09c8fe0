import { withApi } from '../api/client.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';
import { findCredentials, hasCredentials } from '../login/credentials.ts';
import { type TokenState, tokenStateOf } from '../tokens/token-state.ts';
import { findPoolId } from './find-pool.ts';

/** A pool as Spacelift has it, and how the folder's token compares with it. */
export interface PoolStanding {
  readonly pool: WorkerPool;
  /** `undefined` if the folder has no record of the pool. */
  readonly token: TokenState | undefined;
}

/** Reads a folder's pool at Spacelift. @returns `undefined` without credentials. @throws UserError as `getPool` */
export async function standingOf(
  { dir, id, profile }: { readonly dir: string; readonly id: string; readonly profile: string | undefined },
  signal: AbortSignal,
): Promise<PoolStanding | undefined> {
  if (!(await hasCredentials(profile, process.env))) return undefined;
  return withApi(await findCredentials(profile, process.env), async (api) => {
    const pool = await getPool(api, await findPoolId(api, id, signal), signal);
    return { pool, token: await tokenStateOf(api, { dir, id: pool.id }, signal) };
  });
}
