import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { withLock } from '../../files/lock.ts';
import { LOCK_FILE, removeJournal, writeJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createPool, listPools, type PoolSettings, type PoolWithToken, resetPool } from '../api/worker-pools.ts';
import { findExistingPool } from './existing-pool.ts';
import { keepToken } from './keep-token.ts';

/**
 * Creates the pool of a folder, unless it is there, and keeps its token. May be interrupted at any point and run again,
 * and run twice at once: the journal says that an answer is still out, the lock lets one at a time look and create.
 *
 * @param csr PEM of the certificate signing request
 * @throws UserError as `findExistingPool`, and where creating fails
 */
export async function createOnce(
  api: Api,
  { dir, settings, csr }: { readonly dir: string; readonly settings: PoolSettings; readonly csr: Uint8Array },
  signal: AbortSignal,
): Promise<PoolWithToken> {
  const { endpoint } = api.credentials;
  const { name } = settings;
  return finishBeforeExit(() =>
    withLock(path.resolve(dir, LOCK_FILE), signal, async () => {
      const present = await findExistingPool(api, { dir, name }, signal);
      if (!present) await writeJournal(dir, { endpoint, name, state: 'creating' });
      // From here on not even the user's stop may come between the answer and its file: the signal is another one.
      const made =
        present ??
        (await createPool(api, settings, csr, new AbortController().signal).catch(async (error: unknown) => {
          if (isRefusal(error)) await removeJournal(dir);
          throw error;
        }));
      await keepToken(dir, made, endpoint);
      return made;
    }),
  );
}

/** Whether Spacelift has said no: then no pool was created, and the folder is free for another one. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof UserError && (error.code === 'SPACECTL_REQUEST_REFUSED' || error.code === 'SPACECTL_NOT_ALLOWED')
  );
}

/**
 * Resets a pool with the folder's request and keeps the new token. Run again after an interruption, it gives another one.
 * @param csr PEM
 */
export async function resetOnce(
  api: Api,
  { dir, id, csr }: { readonly dir: string; readonly id: string; readonly csr: Uint8Array },
  signal: AbortSignal,
): Promise<PoolWithToken> {
  return finishBeforeExit(() =>
    withLock(path.resolve(dir, LOCK_FILE), signal, async () => {
      const made = await resetPool(api, id, csr, new AbortController().signal);
      await keepToken(dir, made, api.credentials.endpoint);
      return made;
    }),
  );
}

/** The other pools of the same name: two machines that create at the same moment cannot see each other. */
export async function namesakes(api: Api, { pool }: PoolWithToken, signal: AbortSignal): Promise<readonly string[]> {
  const pools = await listPools(api, signal);
  return pools.filter(({ id, name }) => name === pool.name && id !== pool.id).map(({ id }) => id);
}
