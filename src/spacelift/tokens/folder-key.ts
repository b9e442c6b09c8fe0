import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import { CSR_FILE, isTokenForKey, KEY_FILE } from '../../pki/index.ts';
import { lastResort } from './token-commands.ts';

/**
 * Reports whether a token was issued for the key of a folder.
 * @returns `undefined` if nothing shows it: the folder has no key, or the token contains no certificate
 * @throws UserError `SPACECTL_BAD_TOKEN` if it is not a token
 */
export async function isTokenOfFolder(token: Uint8Array, dir: string): Promise<boolean | undefined> {
  const name = path.join(dir, KEY_FILE);
  const [key, csr] = await Promise.all([readFileIfExists(name), readFileIfExists(path.join(dir, CSR_FILE))]);
  return isTokenForKey(token, { key: key && { name, bytes: key }, csr });
}

/** Returns the error for a pool whose token was issued for another key than the folder's. */
export function otherKey(
  pool: { readonly id: string; readonly name: string },
  dir: string,
  { count = 1, workers }: { readonly count?: number; readonly workers?: number | undefined } = {},
): UserError {
  const many = count > 1 ? ` (one of ${count} with this name)` : '';
  const inUse = workers ? `. It has ${counted(workers, 'worker')}` : '';
  const message = `Worker pool "${pool.name}" (${pool.id})${many} exists, but its token is for another key than ${path.join(dir, KEY_FILE)}${inUse}`;
  return new UserError('SPACECTL_POOL_EXISTS', message, {
    suggestions: [
      `Use the directory with the pool's key, or copy that key to ${path.join(dir, KEY_FILE)}`,
      lastResort(pool, dir),
    ],
  });
}
