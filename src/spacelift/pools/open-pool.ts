import { UserError } from '../../core/errors.ts';
import { readJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createApi } from '../api/client.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';
import { credentialsFrom } from '../login/credentials.ts';

export interface PoolChoice {
  readonly dir: string;
  readonly 'pool-id'?: string | undefined;
  readonly profile?: string | undefined;
  readonly confirm?: string | undefined;
}

/** The ID that was given, or that of the pool whose files the folder holds. @throws UserError `SPACECTL_MISSING_INPUT` */
export async function chosenPoolId({ dir, 'pool-id': given }: PoolChoice): Promise<string> {
  const id = given ?? (await readJournal(dir))?.id;
  if (id) return id;
  throw new UserError('SPACECTL_MISSING_INPUT', `Missing --pool-id, and ${dir} is not the folder of a worker pool`, {
    suggestions: ['spacectl workerpool list'],
  });
}

/**
 * Opens the API and looks at the chosen pool.
 * @throws UserError `SPACECTL_BAD_INPUT` where the name typed to confirm is another one's; as `getPool`
 */
export async function openPool(
  choice: PoolChoice & Parameters<typeof credentialsFrom>[0],
  signal: AbortSignal,
): Promise<{ readonly api: Api; readonly pool: WorkerPool }> {
  const id = await chosenPoolId(choice);
  const api = createApi(await credentialsFrom(choice));
  const pool = await getPool(api, id, signal);
  if (choice.confirm !== undefined && choice.confirm !== pool.name) {
    const message = `The worker pool ${id} is called "${pool.name}", not "${choice.confirm}"`;
    throw new UserError('SPACECTL_BAD_INPUT', message);
  }
  return { api, pool };
}
