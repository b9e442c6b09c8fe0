import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { writeFileWhole } from '../../files/write.ts';
import { TOKEN_FILE, tokenFileOf, writeJournal } from '../../pool-folder/index.ts';
import type { PoolWithToken } from '../api/worker-pools.ts';
import { tokenCommand } from './token-commands.ts';

/**
 * Saves the token of a pool that was just created or reset, in its own file and where all other steps look for it.
 * @throws UserError with the command that reads it again
 */
export async function saveToken(dir: string, { pool, token }: PoolWithToken, endpoint: string): Promise<void> {
  try {
    for (const file of [tokenFileOf(pool.id), TOKEN_FILE]) {
      await writeFileWhole(path.resolve(dir, file), token, { mode: 0o600, mayReplace: true });
    }
    await writeJournal(dir, { endpoint, name: pool.name, id: pool.id, state: 'created' });
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const message = `Worker pool "${pool.name}" (${pool.id}) exists, but its token could not be saved: ${cause.message}`;
    throw new UserError(cause.code, message, { suggestions: [{ command: tokenCommand(pool, dir) }], cause });
  }
}
