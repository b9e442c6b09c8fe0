import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError, UserError } from '../core/errors.ts';
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
    ? { command: `mv ${quoteIfNeeded(name)} ${quoteIfNeeded(`${name}.old`)}` }
    : 'Use the path of a regular file';
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${name} is ${what}`, { suggestions: [suggestion] });
}

/**
 * Returns the file that a path leads to when its links are followed. The last link may lead to a file that does not exist.
 * @throws UserError `SPACECTL_CANNOT_READ` if the links cannot be followed
 */
export async function followLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (cause) {
    if (!isSystemError(cause, 'ENOENT')) {
      throw new UserError('SPACECTL_CANNOT_READ', `The links of ${file} cannot be followed`, { cause });
    }
    const target = await readlink(file).catch(() => undefined);
    if (target === undefined) return path.resolve(file);
    return followLinks(path.resolve(await realpath(path.dirname(file)), target));
  }
}

/** Checks that a path holds nothing but a file or a directory. @throws UserError as `replacementError` returns */
export async function assertReplaceable(file: string, name = file): Promise<void> {
  const error = await replacementError(file, name);
  if (error) throw error;
}
