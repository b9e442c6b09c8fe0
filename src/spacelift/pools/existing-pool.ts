import path from 'node:path';
import { removeCommand } from '../../core/command-lines.ts';
import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import { findKeptToken, JOURNAL_FILE, type Journal, readJournal, TOKEN_FILE } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { fetchToken, type ListedPool, listPools, type PoolWithToken } from '../api/worker-pools.ts';
import { isTokenOfFolder, otherKey } from '../tokens/folder-key.ts';
import { tokenCommand } from '../tokens/token-commands.ts';

/**
 * Finds a pool of this name that already exists, with its token: the one in the folder or, if it is missing or for another
 * key, the one that Spacelift has, provided that it is for the folder's key.
 *
 * @returns the pool and its token; `undefined` if the pool does not exist
 * @throws UserError `SPACECTL_POOL_EXISTS` if the pool exists, but its token is for another key;
 *   `SPACECTL_WOULD_OVERWRITE` if the folder belongs to another pool
 */
export async function findExistingPool(
  api: Api,
  { dir, name }: { readonly dir: string; readonly name: string },
  signal: AbortSignal,
): Promise<PoolWithToken | undefined> {
  const { endpoint } = api.credentials;
  const journal = await readJournal(dir);
  if (journal && (journal.endpoint !== endpoint || !isSameName(journal.name, name))) throw otherPool(dir, journal);
  const pools = await listPools(api, signal);
  const found = pools.filter((pool) => (journal?.id ? pool.id === journal.id : isSameName(pool.name, name)));
  for (const pool of found) {
    const token = await findKeptToken(dir, pool.id, journal);
    if (token && (await isKeptFor(token, dir)) !== false) return { pool, token };
  }
  const [first] = found;
  if (first) return findInSpacelift(api, dir, [first, ...found.slice(1)], signal);
  if (journal?.id) throw poolIsGone(dir, journal);
  if (await readFileIfExists(path.join(dir, TOKEN_FILE))) throw tokenOfOtherPool(dir, name);
  return undefined;
}

/** Reads the tokens of pools from Spacelift, and returns the one for the folder's key. */
async function findInSpacelift(
  api: Api,
  dir: string,
  pools: readonly [ListedPool, ...ListedPool[]],
  signal: AbortSignal,
): Promise<PoolWithToken> {
  let unclear: ListedPool | undefined;
  for (const pool of pools) {
    const fetched = await fetchToken(api, pool.id, signal);
    const isOurs = await isTokenOfFolder(fetched.token, dir);
    if (isOurs) return fetched;
    if (isOurs === undefined) unclear ??= pool;
  }
  if (unclear) throw unclearToken(unclear, dir);
  const [pool] = pools;
  throw otherKey(pool, dir, { count: pools.length, workers: pool.workersCount });
}

/** Reports whether the folder's token is for its key. One that cannot be read is for none. */
async function isKeptFor(token: Uint8Array, dir: string): Promise<boolean | undefined> {
  return isTokenOfFolder(token, dir).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'SPACECTL_BAD_TOKEN') return false;
    throw error;
  });
}

/** Reports whether two names are the same: the server may store the letter é in another form than it was typed. */
function isSameName(one: string, other: string): boolean {
  return one.normalize() === other.normalize();
}

function unclearToken(pool: { readonly id: string; readonly name: string }, dir: string): UserError {
  const message = `Worker pool "${pool.name}" (${pool.id}) already exists, and its token does not show which key it is for`;
  return new UserError('SPACECTL_POOL_EXISTS', message, {
    suggestions: [{ text: `If it was created with the key in ${dir}`, command: tokenCommand(pool, dir) }],
  });
}

/**
 * Checks that a pool's new token would not replace another pool's.
 * @throws UserError `SPACECTL_WOULD_OVERWRITE`
 */
export async function rejectOtherFolder(api: Api, dir: string, pool: { readonly id: string; readonly name: string }) {
  const journal = await readJournal(dir);
  if (!journal) return;
  const isSamePool = journal.id === undefined ? isSameName(journal.name, pool.name) : journal.id === pool.id;
  if (!isSamePool || journal.endpoint !== api.credentials.endpoint) throw otherPool(dir, journal);
}

function otherPool(dir: string, { name, endpoint, id, state }: Journal): UserError {
  const use =
    state === 'creating' ? `is in use for creating worker pool "${name}"` : `belongs to worker pool "${name}" (${id})`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${dir} ${use} at ${endpoint}`, {
    suggestions: [
      'Use another directory: --dir DIR',
      {
        text: 'Or finish creating that pool',
        command: `spacectl workerpool create --name ${quoteIfNeeded(name)} --dir ${quoteIfNeeded(dir)}`,
      },
    ],
  });
}

function poolIsGone(dir: string, { name, id }: Journal): UserError {
  const file = path.join(dir, JOURNAL_FILE);
  const message = `Worker pool "${name}" (${id}) of ${dir} no longer exists, or your credentials cannot see it`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, {
    suggestions: [
      'Use another directory: --dir DIR',
      { text: 'Or start over', command: removeCommand([file, path.join(dir, TOKEN_FILE)]) },
    ],
  });
}

function tokenOfOtherPool(dir: string, name: string): UserError {
  const message = `${dir} contains the token of another worker pool: no pool is named "${name}"`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, { suggestions: ['Use another directory: --dir DIR'] });
}
