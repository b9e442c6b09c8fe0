import { UserError } from '../../core/errors.ts';
import { readJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createApi } from '../api/client.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';
import { credentialsFrom } from '../login/credentials.ts';
import { findPoolId } from './find-pool.ts';

/** Which pool a command is about. */
export interface PoolChoice {
  readonly dir: string;
  /** Its ID or name. */
  readonly 'pool-id'?: string | undefined;
  readonly profile?: string | undefined;
  readonly confirm?: string | undefined;
}

/** Returns the given ID or name, or the ID of the folder's pool. @throws UserError `SPACECTL_MISSING_INPUT` */
export async function chosenPoolId({ dir, 'pool-id': given }: PoolChoice): Promise<string> {
  const id = given ?? (await readJournal(dir))?.id;
  if (id) return id;
  throw new UserError('SPACECTL_MISSING_INPUT', `Missing --pool-id, and ${dir} is not the directory of a worker pool`, {
    suggestions: [{ command: 'spacectl workerpool list' }],
  });
}

type Choice = PoolChoice & Parameters<typeof credentialsFrom>[0];

/** Creates a client of the API, and finds the ID of the chosen pool. @throws UserError as `chosenPoolId` and `findPoolId` */
export async function openAccount(
  choice: Choice,
  signal: AbortSignal,
): Promise<{ readonly api: Api; readonly id: string }> {
  const chosen = await chosenPoolId(choice);
  const api = createApi(await credentialsFrom(choice));
  return { api, id: await findPoolId(api, chosen, signal) };
}

/**
 * Creates a client of the API, and gets the chosen pool.
 * @throws UserError `SPACECTL_BAD_INPUT` if the name to confirm does not match; as `openAccount` and `getPool`
 */
export async function openPool(
  choice: Choice,
  signal: AbortSignal,
): Promise<{ readonly api: Api; readonly pool: WorkerPool }> {
  const { api, id } = await openAccount(choice, signal);
  const pool = await getPool(api, id, signal);
  if (choice.confirm !== undefined && choice.confirm !== pool.name) {
    const message = `--confirm "${choice.confirm}": worker pool ${id} is named "${pool.name}"`;
    throw new UserError('SPACECTL_BAD_INPUT', message);
  }
  return { api, pool };
}
