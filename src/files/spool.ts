import { type FileHandle, mkdtemp, open, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemErrorCode, UserError } from '../core/errors.ts';

/**
 * Creates an unnamed temporary file for data that needs random access and does not fit in memory. The system deletes it
 * when it is closed, or when the process ends.
 *
 * @param fill writes the content
 * @throws UserError `SPACECTL_CANNOT_WRITE`, and what `fill` throws
 */
export async function spool(fill: (write: (chunk: Buffer) => Promise<void>) => Promise<void>): Promise<FileHandle> {
  const file = await orCannotSpool(openUnnamed);
  try {
    await fill((chunk) => orCannotSpool(() => file.writeFile(chunk)));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openUnnamed(): Promise<FileHandle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-'));
  const name = path.join(folder, 'spool');
  try {
    return await open(name, 'wx+', 0o600);
  } finally {
    // The name is removed first, so that nothing is left behind however the process ends.
    await unlink(name).catch(() => {});
    await rmdir(folder).catch(() => {});
  }
}

async function orCannotSpool<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (systemErrorCode(cause) === undefined || !(cause instanceof Error)) throw cause;
    throw new UserError('SPACECTL_CANNOT_WRITE', `Cannot write a temporary file in ${tmpdir()}: ${cause.message}`, {
      suggestions: ['Set TMPDIR to a writable directory with enough free space'],
      cause,
    });
  }
}
