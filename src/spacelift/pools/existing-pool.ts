import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import { findKeptToken, JOURNAL_FILE, type Journal, readJournal, TOKEN_FILE } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { listPools, type PoolWithToken } from '../api/worker-pools.ts';
import { resetCommand } from './reset-command.ts';

/**
 * Finds a pool of this name that already exists and whose token is in the folder.
 *
 * @returns the pool and its token; `undefined` if the pool does not exist
 * @throws UserError `SPACECTL_POOL_EXISTS` if the pool exists but its token is missing; `SPACECTL_WOULD_OVERWRITE` if the
 *   folder belongs to another pool
 */
export async function findExistingPool(
  api: Api,
  { dir, name }: { readonly dir: string; readonly name: string },
  signal: AbortSignal,
): Promise<PoolWithToken | undefined> {
  const { endpoint } = api.credentials;
  const journal = await readJournal(dir);
  if (journal && (journal.endpoint !== endpoint || journal.name !== name)) throw otherPool(dir, journal);
  const pools = await listPools(api, signal);
  const found = pools.filter((pool) => (journal?.id ? pool.id === journal.id : pool.name === name));
  for (const pool of found) {
    const token = await findKeptToken(dir, pool.id, journal);
    if (token) return { pool, token };
  }
  const [pool] = found;
  if (pool) throw lostToken(dir, pool, journal, found.length);
  if (journal?.id) throw poolIsGone(dir, journal);
  if (await readFileIfExists(path.join(dir, TOKEN_FILE))) throw tokenOfOtherPool(dir, name);
  return undefined;
}

/** Returns the error for a pool whose token is missing. Resetting invalidates the old token, so the user decides. */
function lostToken(
  dir: string,
  pool: { readonly id: string; readonly name: string },
  journal: Journal | undefined,
  count: number,
): UserError {
  const many = count > 1 ? ` (${count} pools have this name)` : '';
  const problem = journal
    ? 'exists, but its token was never received: the run that created it was interrupted'
    : 'already exists, but its token is not in this folder';
  const message = `Worker pool "${pool.name}" (${pool.id})${many} ${problem}. Spacelift returns a token only once; a reset creates a new one, and the old one stops working`;
  return new UserError('SPACECTL_POOL_EXISTS', message, { suggestions: [resetCommand(pool, dir)] });
}

/**
 * Checks that a pool's new token would not replace another pool's.
 * @throws UserError `SPACECTL_WOULD_OVERWRITE`
 */
export async function rejectOtherFolder(api: Api, dir: string, pool: { readonly id: string; readonly name: string }) {
  const journal = await readJournal(dir);
  if (!journal) return;
  const isSamePool = journal.id === undefined ? journal.name === pool.name : journal.id === pool.id;
  if (!isSamePool || journal.endpoint !== api.credentials.endpoint) throw otherPool(dir, journal);
}

function otherPool(dir: string, { name, endpoint, id, state }: Journal): UserError {
  const use =
    state === 'created' ? `belongs to worker pool "${name}" (${id})` : `is in use for creating worker pool "${name}"`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${dir} ${use} at ${endpoint}`, {
    suggestions: [
      'Use another folder: --dir FOLDER',
      `Or finish creating that pool: spacectl workerpool create --name ${quoteIfNeeded(name)} --dir ${quoteIfNeeded(dir)}`,
    ],
  });
}

function poolIsGone(dir: string, { name, id }: Journal): UserError {
  const file = path.join(dir, JOURNAL_FILE);
  const message = `Worker pool "${name}" (${id}) of ${dir} no longer exists, or your credentials cannot see it`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, {
    suggestions: [
      'Use another folder: --dir FOLDER',
      `Or start over: rm ${quoteIfNeeded(file)} ${quoteIfNeeded(path.join(dir, TOKEN_FILE))}`,
    ],
  });
}

function tokenOfOtherPool(dir: string, name: string): UserError {
  const message = `${dir} contains the token of another worker pool: no pool is named "${name}"`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, { suggestions: ['Use another folder: --dir FOLDER'] });
}
