import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { wordFor } from '../../core/words.ts';
import { readFileIfThere } from '../../files/read.ts';
import { findKeptToken, JOURNAL_FILE, type Journal, readJournal, TOKEN_FILE } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { listPools, type PoolWithToken } from '../api/worker-pools.ts';
import { resetCommand } from './reset-command.ts';

/**
 * Looks whether a pool of this name is there already, and its token in the folder.
 *
 * @returns the pool and its token; `undefined` where the pool is still to be created
 * @throws UserError `SPACECTL_POOL_EXISTS` where the pool is there and its token is not; `SPACECTL_WOULD_OVERWRITE` where
 *   the folder belongs to another pool
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
  if (await readFileIfThere(path.join(dir, TOKEN_FILE))) throw strangeToken(dir, name);
  return undefined;
}

/** A pool gives its token once. Whoever resets it makes the old one useless, so that is the user's decision. */
function lostToken(
  dir: string,
  pool: { readonly id: string; readonly name: string },
  journal: Journal | undefined,
  count: number,
): UserError {
  const many = count > 1 ? ` (${count} pools are called so)` : '';
  const story = journal
    ? 'is there, but its token never arrived: the run that created it was cut short'
    : 'is there already, and its token is not in this folder';
  const message = `The worker pool "${pool.name}" (${pool.id})${many} ${story}. Spacelift gives a token once; a reset gives a new one, and the old one stops working`;
  return new UserError('SPACECTL_POOL_EXISTS', message, { suggestions: [resetCommand(pool, dir)] });
}

/**
 * Makes sure that a pool's new token does not take the place of another pool's.
 * @throws UserError `SPACECTL_WOULD_OVERWRITE`
 */
export async function refuseOtherFolder(api: Api, dir: string, pool: { readonly id: string; readonly name: string }) {
  const journal = await readJournal(dir);
  if (!journal) return;
  const isIt = journal.id === undefined ? journal.name === pool.name : journal.id === pool.id;
  if (!isIt || journal.endpoint !== api.credentials.endpoint) throw otherPool(dir, journal);
}

function otherPool(dir: string, { name, endpoint, id, state }: Journal): UserError {
  const what =
    state === 'created' ? `belongs to the worker pool "${name}" (${id})` : `is where "${name}" is being created`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${dir} ${what} at ${endpoint}`, {
    suggestions: [
      `Take another folder: --dir FOLDER`,
      `or finish that one: spacectl workerpool create --name ${wordFor(name)} --dir ${wordFor(dir)}`,
    ],
  });
}

function poolIsGone(dir: string, { name, id }: Journal): UserError {
  const file = path.join(dir, JOURNAL_FILE);
  const message = `The worker pool "${name}" (${id}) of ${dir} is there no more, or may not be seen`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, {
    suggestions: [
      'Take another folder: --dir FOLDER',
      `or start anew: rm ${wordFor(file)} ${wordFor(path.join(dir, TOKEN_FILE))}`,
    ],
  });
}

function strangeToken(dir: string, name: string): UserError {
  const message = `${dir} holds the token of another worker pool: there is none called "${name}"`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, { suggestions: ['Take another folder: --dir FOLDER'] });
}
