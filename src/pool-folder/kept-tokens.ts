import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfThere } from '../files/read.ts';
import type { Journal } from './journal.ts';
import { TOKEN_FILE, tokenFileOf } from './names.ts';
import { downloadsIn } from './token.ts';

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
