import path from 'node:path';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { withLock } from '../../files/lock.ts';
import { isTokenForKey } from '../../pki/index.ts';
import { LOCK_FILE } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { resetPool } from '../api/pool-changes.ts';
import { UnconfirmedError } from '../api/unconfirmed.ts';
import { fetchToken, type PoolWithToken } from '../api/worker-pools.ts';
import { uninterrupted } from '../pools/uninterrupted.ts';
import { saveToken } from './save-token.ts';
import { tokenCommand } from './token-commands.ts';

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
        const suggestions = [{ text: 'See whether it was', command: tokenCommand({ id }, dir) }, ...error.suggestions];
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
