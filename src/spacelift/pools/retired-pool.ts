import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { withLock } from '../../files/lock.ts';
import { LOCK_FILE, poolIdIn, readJournal, writeJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createApi } from '../api/client.ts';
import { deletePool } from '../api/pool-changes.ts';
import { getPool, type WorkerPool } from '../api/worker-pools.ts';
import { credentialsFrom, hasCredentials } from '../login/credentials.ts';
import { rejectOtherFolder } from './existing-pool.ts';
import { findPoolId } from './find-pool.ts';
import type { PoolChoice } from './open-pool.ts';

/** What is known about the pool of a folder to retire. */
export type RetiredPool =
  /** The folder does not say which pool it is for. */
  | { readonly kind: 'unknown' }
  /** No credentials to read it; not found, or not visible to these credentials; deleted by an earlier run. */
  | { readonly kind: 'unread' | 'not found' | 'deleted'; readonly id: string; readonly name?: string | undefined }
  | { readonly kind: 'found'; readonly api: Api; readonly pool: WorkerPool };

type Choice = PoolChoice & Parameters<typeof credentialsFrom>[0];

/**
 * Finds the pool of a folder, if possible at Spacelift.
 * @throws UserError `SPACECTL_BAD_INPUT` if the name to confirm is another one; `SPACECTL_WOULD_OVERWRITE` if the folder
 *   belongs to another account or pool; what Spacelift says
 */
export async function findRetiredPool(choice: Choice, signal: AbortSignal): Promise<RetiredPool> {
  const { dir } = choice;
  if (!existsSync(dir)) throw new UserError('SPACECTL_BAD_INPUT', `${dir} does not exist`);
  const journal = await readJournal(dir);
  const chosen = choice['pool-id'] ?? journal?.id ?? (await poolIdIn(dir));
  if (chosen === undefined) return { kind: 'unknown' };
  const known = { id: chosen, name: journal?.name };
  rejectOtherName(choice, known);
  const isKeyGiven = [choice['api-endpoint'], choice['api-key-id'], choice['api-key-secret']].some(Boolean);
  if (!isKeyGiven && !(await hasCredentials(choice.profile, process.env))) return { kind: 'unread', ...known };
  const credentials = await credentialsFrom(choice);
  const api = createApi(credentials);
  const pool = await getPool(api, await findPoolId(api, chosen, signal), signal).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'SPACECTL_BAD_INPUT') throw error;
  });
  if (!pool) {
    if (journal && journal.endpoint !== credentials.endpoint)
      await rejectOtherFolder(api, dir, { id: chosen, name: '' });
    const wasDeleted = journal?.state === 'deleting' && journal.id === chosen;
    return { kind: wasDeleted ? 'deleted' : 'not found', ...known };
  }
  await rejectOtherFolder(api, dir, pool);
  rejectOtherName(choice, pool);
  return { kind: 'found', api, pool };
}

/**
 * Deletes a folder's pool. The journal records the deletion first, so that the run after an interruption knows that a pool
 * that is not found was deleted.
 */
export async function deleteRetiredPool(api: Api, dir: string, pool: WorkerPool, signal: AbortSignal): Promise<void> {
  const { id, name } = pool;
  await withLock(path.resolve(dir, LOCK_FILE), signal, async () => {
    await writeJournal(dir, { endpoint: api.credentials.endpoint, name, id, state: 'deleting' });
    await deletePool(api, id, signal);
  });
  api.close();
}

function rejectOtherName({ confirm }: PoolChoice, { id, name }: { id: string; name?: string | undefined }): void {
  if (confirm === undefined || name === undefined || confirm === name) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--confirm "${confirm}": worker pool ${id} is named "${name}"`);
}
