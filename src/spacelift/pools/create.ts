import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { withLock } from '../../files/lock.ts';
import { LOCK_FILE, removeJournal, writeJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createPool, listPools, type PoolSettings, type PoolWithToken, resetPool } from '../api/worker-pools.ts';
import { findExistingPool } from './existing-pool.ts';
import { saveToken } from './save-token.ts';

/**
 * Creates the pool of a folder unless it exists, and saves its token. Can be interrupted at any point and run again, or run
 * twice at once: the journal records that a response is pending, and the lock lets one run at a time check and create.
 *
 * @param csr PEM of the certificate signing request
 * @throws UserError as `findExistingPool`, and if creating fails
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
      // Not even the user may interrupt between the response and its file: hence another signal.
      const made =
        present ??
        (await createPool(api, settings, csr, new AbortController().signal).catch(async (error: unknown) => {
          if (isRejection(error)) await removeJournal(dir);
          throw error;
        }));
      await saveToken(dir, made, endpoint);
      return made;
    }),
  );
}

/** Reports whether Spacelift rejected the request: no pool was created, and the folder can be used for another one. */
function isRejection(error: unknown): boolean {
  return (
    error instanceof UserError && (error.code === 'SPACECTL_REQUEST_REFUSED' || error.code === 'SPACECTL_NOT_ALLOWED')
  );
}

/**
 * Resets a pool with the folder's request, and saves the new token. Run again after an interruption, it gets another one.
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
      await saveToken(dir, made, api.credentials.endpoint);
      return made;
    }),
  );
}

/** Finds other pools of the same name: two machines that create a pool at the same moment cannot see each other. */
export async function findOtherPools(
  api: Api,
  { pool }: PoolWithToken,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pools = await listPools(api, signal);
  return pools.filter(({ id, name }) => name === pool.name && id !== pool.id).map(({ id }) => id);
}
