import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { KEY_FILE } from '../../pki/index.ts';
import { findKeptToken, readJournal } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { withApi } from '../api/client.ts';
import { fetchToken } from '../api/worker-pools.ts';
import { findCredentials, hasCredentials } from '../login/credentials.ts';
import { isTokenOfFolder } from './folder-key.ts';
import { tokenCommand } from './token-commands.ts';

/** How the token in a folder compares with the one that Spacelift has. */
export interface TokenState {
  readonly state: 'current' | 'missing' | 'outdated' | 'other key' | 'unknown';
  /** What it means. Never the token. */
  readonly meaning: string;
  /** What to do about it. */
  readonly advice?: string;
}

/**
 * Compares the token in a folder with the one that Spacelift has, if the folder is a pool's and there are credentials for
 * its account.
 */
export async function folderTokenState(dir: string, signal: AbortSignal): Promise<TokenState | undefined> {
  const journal = await readJournal(dir);
  if (!journal?.id || !(await hasCredentials(undefined, process.env))) return undefined;
  const { id, endpoint } = journal;
  const credentials = await findCredentials(undefined, process.env);
  if (credentials.endpoint !== endpoint) return undefined;
  return withApi(credentials, (api) => tokenStateOf(api, { dir, id }, signal));
}

/** Compares the token in a pool's folder with the one that Spacelift has. @returns `undefined` for any other folder */
export async function tokenStateOf(
  api: Api,
  { dir, id }: { readonly dir: string; readonly id: string },
  signal: AbortSignal,
): Promise<TokenState | undefined> {
  const journal = await readJournal(dir);
  if (journal?.id !== id) return undefined;
  const kept = await findKeptToken(dir, id, journal);
  try {
    const { pool, token } = await fetchToken(api, id, signal);
    if (kept?.toString('latin1').trim() === token.toString()) {
      return { state: 'current', meaning: `the token in ${dir} is the pool's` };
    }
    if ((await isTokenOfFolder(token, dir)) === false) {
      const meaning = `the pool's token is for another key than the one in ${dir}: it was reset elsewhere`;
      const advice = `Copy the pool's own key to ${path.join(dir, KEY_FILE)}, then run: ${tokenCommand(pool, dir)}`;
      return { state: 'other key', meaning, advice };
    }
    const advice = tokenCommand(pool, dir);
    return kept
      ? { state: 'outdated', meaning: `the token in ${dir} is not the pool's any more`, advice }
      : { state: 'missing', meaning: `${dir} has no token`, advice };
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return { state: 'unknown', meaning: `the pool's token cannot be read: ${error.message}` };
  }
}
