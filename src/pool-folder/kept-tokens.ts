import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfExists } from '../files/read.ts';
import type { Journal } from './journal.ts';
import { TOKEN_FILE, tokenFileOf } from './names.ts';
import { downloadsIn } from './token.ts';

/**
 * Finds the token of a pool in its directory. If the pool's own file and the file that all steps use differ, the newer
 * one is returned: each token that Spacelift issues invalidates the earlier ones.
 */
export async function findKeptToken(
  dir: string,
  id: string,
  journal: Journal | undefined,
): Promise<Buffer | undefined> {
  const own = path.join(dir, tokenFileOf(id));
  // Without a journal, the user created the pool in Spacelift's UI and saved its token here.
  const isOfPool = !journal || journal.id === id;
  const files = isOfPool ? [own, path.join(dir, TOKEN_FILE)] : [own];
  const [newest] = (await Promise.all(files.map(dated))).flat().sort((one, other) => other.written - one.written);
  return newest && readFileIfExists(newest.file);
}

async function dated(file: string): Promise<readonly { readonly file: string; readonly written: number }[]> {
  const stats = await stat(file).catch(() => undefined);
  return stats ? [{ file, written: stats.mtimeMs }] : [];
}

/**
 * Finds downloaded tokens that are newer than the one in use and differ from it, as after a reset in Spacelift's UI.
 * @returns paths that begin with `dir`
 */
export async function newerDownloads(dir: string): Promise<readonly string[]> {
  const used = path.join(dir, TOKEN_FILE);
  const [inUse] = await dated(used);
  const others = await Promise.all(downloadsIn(dir).map(dated));
  const newer = others.flat().filter(({ written }) => inUse && written > inUse.written);
  const [token, ...tokens] = await Promise.all([used, ...newer.map(({ file }) => file)].map(readFileIfExists));
  return newer.map(({ file }) => file).filter((_, index) => token && !tokens[index]?.equals(token));
}

/**
 * Returns the name under which a file is kept before it is replaced: with the date appended, to the millisecond. Two runs
 * may follow each other within a second.
 */
export function datedName(file: string): string {
  return `${file}.${new Date().toISOString().replaceAll(':', '')}`;
}
