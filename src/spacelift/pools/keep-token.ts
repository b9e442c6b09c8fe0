import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { readFileIfThere } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';
import { type Journal, writeJournal } from '../../pool-folder/journal.ts';
import { downloadsIn, TOKEN_FILE } from '../../pool-folder/token.ts';
import type { PoolWithToken } from '../api/worker-pools.ts';
import { resetCommand } from './reset-command.ts';

/** The file of a pool's token, called as the vendor's own download is. */
export function tokenFileOf(id: string): string {
  return `worker-pool-${id}.config`;
}

/**
 * Keeps the token of a pool that was just created or reset, in its own file and where all other steps look for it. It is
 * given only once, so this comes before anything else.
 * @throws UserError that says how to get another one
 */
export async function keepToken(dir: string, { pool, token }: PoolWithToken, endpoint: string): Promise<void> {
  try {
    for (const file of [tokenFileOf(pool.id), TOKEN_FILE]) {
      await writeFileWhole(path.resolve(dir, file), token, { mode: 0o600, mayReplace: true });
    }
    await writeJournal(dir, { endpoint, name: pool.name, id: pool.id, state: 'created' });
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const message = `The worker pool "${pool.name}" (${pool.id}) is there, but its token could not be kept: ${cause.message}`;
    throw new UserError(cause.code, message, { suggestions: [resetCommand(pool, dir)], cause });
  }
}

/**
 * The token of a pool, if it is kept in the folder. Where its own file and the one all steps use differ, the newer one
 * counts: a token that is given makes those before it useless, whether Spacelift gave it here or somebody put it there.
 */
export async function findKeptToken(
  dir: string,
  id: string,
  journal: Journal | undefined,
): Promise<Buffer | undefined> {
  const own = path.join(dir, tokenFileOf(id));
  // A token without a journal was put there by hand, for the pool that was made by hand.
  const isOfPool = !journal || journal.id === id;
  const files = isOfPool ? [own, path.join(dir, TOKEN_FILE)] : [own];
  const [newest] = (await Promise.all(files.map(dated))).flat().sort((one, other) => other.written - one.written);
  return newest && readFileIfThere(newest.file);
}

async function dated(file: string): Promise<readonly { readonly file: string; readonly written: number }[]> {
  const stats = await stat(file).catch(() => undefined);
  return stats ? [{ file, written: stats.mtimeMs }] : [];
}

/**
 * Downloaded tokens that are newer than the one in use and differ from it, as after a reset in the web page.
 * @returns paths as the folder was given
 */
export async function newerDownloads(dir: string): Promise<readonly string[]> {
  const used = path.join(dir, TOKEN_FILE);
  const [inUse] = await dated(used);
  const others = await Promise.all(downloadsIn(dir).map(dated));
  const newer = others.flat().filter(({ written }) => inUse && written > inUse.written);
  const [token, ...tokens] = await Promise.all([used, ...newer.map(({ file }) => file)].map(readFileIfThere));
  return newer.map(({ file }) => file).filter((_, index) => token && !tokens[index]?.equals(token));
}

/** What a file of which another version comes is kept as. */
export function datedName(file: string): string {
  const date = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return `${file}.${date.replaceAll(':', '')}`;
}
