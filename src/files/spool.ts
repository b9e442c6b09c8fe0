import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isSystemError, UserError } from '../core/errors.ts';

/**
 * Creates an unnamed temporary file for data that needs random access and does not fit in memory. The system deletes it
 * when it is closed, or when the process ends.
 *
 * @param fill writes the content
 * @throws UserError `SPACECTL_CANNOT_WRITE`, and what `fill` throws
 */
export async function spool(fill: (write: (chunk: Buffer) => Promise<void>) => Promise<void>): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-'));
    const file = await open(path.join(folder, 'spool'), 'wx+', 0o600);
    handle = file;
    // The name is removed first, so that nothing is left behind however the process ends.
    await rm(folder, { recursive: true }).catch(() => {});
    await fill((chunk) => file.writeFile(chunk));
    return file;
  } catch (cause) {
    await handle?.close();
    if (!isSystemError(cause, 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT', 'ENOTDIR')) throw cause;
    throw new UserError('SPACECTL_CANNOT_WRITE', `Cannot write a temporary file in ${tmpdir()}: ${cause.message}`, {
      suggestions: ['Set TMPDIR to a writable directory with enough free space'],
      cause,
    });
  }
}
