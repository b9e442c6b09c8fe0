import { lstat } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';

/**
 * Checks that a path holds nothing but a file or a directory. Renaming a file over `/dev/null` would succeed, and break
 * the machine.
 * @param name what the error calls the file, if not by its path
 * @returns the error to report for a link or a device; `undefined` if the file can be written
 */
export async function replacementError(file: string, name = file): Promise<UserError | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats || stats.isFile() || stats.isDirectory()) return undefined;
  const isLink = stats.isSymbolicLink();
  const what = isLink ? 'a symbolic link, which spacectl does not follow' : 'a device, a pipe or a socket, not a file';
  const suggestion = isLink
    ? `mv ${quoteIfNeeded(name)} ${quoteIfNeeded(`${name}.old`)}`
    : 'Use the path of a regular file';
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${name} is ${what}`, { suggestions: [suggestion] });
}
