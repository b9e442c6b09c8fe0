import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { withLock } from '../../files/lock.ts';
import { LOCK_FILE, removeJournal, writeJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createPool, type PoolSettings } from '../api/pool-changes.ts';
import { UnconfirmedError } from '../api/unconfirmed.ts';
import { listPools, type PoolWithToken } from '../api/worker-pools.ts';
import { saveToken } from '../tokens/save-token.ts';
import { findExistingPool } from './existing-pool.ts';
import { uninterrupted } from './uninterrupted.ts';

/**
 * Creates the pool of a folder unless it exists, and saves its token. Can be interrupted at any point and run again, or run
 * twice at once: the token of a pool that exists is read again, and the lock lets one run at a time check and create.
 *
 * @param csr PEM of the certificate signing request
 * @throws UserError as `findExistingPool`, and if creating fails; UnconfirmedError if the pool may exist
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
      const made =
        present ??
        (await createPool(api, settings, csr, uninterrupted()).catch(async (error: unknown) => {
          if (error instanceof UnconfirmedError) return findUnconfirmed(api, { dir, name }, error);
          if (isRejection(error)) await removeJournal(dir);
          throw error;
        }));
      await saveToken(dir, made, endpoint);
      return made;
    }),
  );
}

/** Looks for a pool whose creation was not confirmed. It is not created a second time: the server may still be at it. */
async function findUnconfirmed(
  api: Api,
  { dir, name }: { readonly dir: string; readonly name: string },
  lost: UnconfirmedError,
): Promise<PoolWithToken> {
  const found = await findExistingPool(api, { dir, name }, uninterrupted()).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (found) return found;
  const message = `${lost.message}: worker pool "${name}" may exist. Run the command again: it finds the pool and its token, or creates it`;
  const again = `spacectl workerpool create --name ${quoteIfNeeded(name)} --dir ${quoteIfNeeded(dir)}`;
  throw new UnconfirmedError(lost.code, message, {
    suggestions: [{ command: again }, ...lost.suggestions],
    cause: lost,
  });
}

/** Reports whether Spacelift rejected the request: no pool was created, and the folder can be used for another one. */
function isRejection(error: unknown): boolean {
  return (
    error instanceof UserError && (error.code === 'SPACECTL_REQUEST_REFUSED' || error.code === 'SPACECTL_NOT_ALLOWED')
  );
}

/**
 * Finds other pools of the same name: two machines that create a pool at the same moment cannot see each other. The pool
 * and its token are safe by then, so a list that cannot be read is no failure.
 */
export async function findOtherPools(
  api: Api,
  { pool }: PoolWithToken,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pools = await listPools(api, signal).catch((error: unknown) => {
    if (error instanceof UserError && !signal.aborted) return [];
    throw error;
  });
  return pools.filter(({ id, name }) => name === pool.name && id !== pool.id).map(({ id }) => id);
}
