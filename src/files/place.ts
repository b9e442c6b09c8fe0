import { lstat } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';

/**
 * Why no file is put in the place of what is there; `undefined` where nothing is in the way. Renaming a file over
 * `/dev/null` would work, and break the machine.
 * @param name what the file is called in the error, if not by its path
 */
export async function refusedPlace(file: string, name = file): Promise<UserError | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats || stats.isFile() || stats.isDirectory()) return undefined;
  const isLink = stats.isSymbolicLink();
  const what = isLink ? 'a symbolic link, and links are not followed' : 'a device, a pipe or a socket, and no file';
  const suggestion = isLink ? `mv ${wordFor(name)} ${wordFor(`${name}.old`)}` : 'Name a file that can be written';
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${name} is ${what}`, { suggestions: [suggestion] });
}
