import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { withLock } from '../../files/lock.ts';
import { isTokenForKey } from '../../pki/index.ts';
import { LOCK_FILE, removeJournal, writeJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { createPool, type PoolSettings, resetPool } from '../api/pool-changes.ts';
import { UnconfirmedError } from '../api/unconfirmed.ts';
import { fetchToken, listPools, type PoolWithToken } from '../api/worker-pools.ts';
import { findExistingPool } from './existing-pool.ts';
import { saveToken } from './save-token.ts';
import { tokenCommand } from './token-commands.ts';

/** A signal for what not even the user may interrupt, such as the time between a response and its file. */
const uninterrupted = () => new AbortController().signal;

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
  throw new UnconfirmedError(lost.code, message, { suggestions: [again, ...lost.suggestions], cause: lost });
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
      const made = await resetCertainly(api, id, csr).catch((error: unknown) => {
        if (!(error instanceof UnconfirmedError)) throw error;
        const suggestions = [`See whether it was: ${tokenCommand({ id }, dir)}`, ...error.suggestions];
        throw new UnconfirmedError(error.code, error.message, { suggestions, cause: error });
      });
      await saveToken(dir, made, api.credentials.endpoint);
      return made;
    }),
  );
}

/** Resets a pool. If the answer is lost, the pool's token shows whether it was done. @param csr PEM */
export async function resetCertainly(api: Api, id: string, csr: Uint8Array): Promise<PoolWithToken> {
  return resetPool(api, id, csr, uninterrupted()).catch(async (error: unknown) => {
    if (!(error instanceof UnconfirmedError)) throw error;
    const present = await fetchToken(api, id, uninterrupted()).catch(() => undefined);
    if (present && (await isTokenForKey(present.token, { csr }))) return present;
    throw error;
  });
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
