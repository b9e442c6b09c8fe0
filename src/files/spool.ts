import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSystemError, UserError } from '../core/errors.ts';

/**
 * Bytes that have to be looked up in and are too many for memory: a file without a name, which is gone once it is closed,
 * and with the process at the latest.
 *
 * @param fill writes what is to be in it
 * @throws UserError `SPACECTL_CANNOT_WRITE`, what `fill` throws
 */
export async function spool(fill: (write: (chunk: Buffer) => Promise<void>) => Promise<void>): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-'));
    const file = await open(path.join(folder, 'spool'), 'wx+', 0o600);
    handle = file;
    // Its name goes first: whatever ends this process, nothing is left behind.
    await rm(folder, { recursive: true }).catch(() => {});
    await fill((chunk) => file.writeFile(chunk));
    return file;
  } catch (cause) {
    await handle?.close();
    if (!isSystemError(cause, 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT', 'ENOTDIR')) throw cause;
    throw new UserError('SPACECTL_CANNOT_WRITE', `Cannot write a temporary file in ${tmpdir()}: ${cause.message}`, {
      suggestions: ['Set TMPDIR to a folder that can be written to and has room'],
      cause,
    });
  }
}
