import { writeSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemErrorCode, UserError } from '../core/errors.ts';

/**
 * Creates an unnamed temporary file for data that needs random access and does not fit in memory. The system deletes it
 * when it is closed, or when the process ends.
 *
 * @param fill writes the content. It is written at once: what unpacks in bursts would pile up in memory otherwise
 * @throws UserError `SPACECTL_CANNOT_WRITE`, and what `fill` throws
 */
export async function spool(fill: (write: (chunk: Uint8Array) => void) => Promise<void>): Promise<FileHandle> {
  const file = await openUnnamed().catch((cause: unknown) => {
    throw cannotSpool(cause);
  });
  try {
    await fill((chunk) => writeWhole(file.fd, chunk));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function writeWhole(descriptor: number, chunk: Uint8Array): void {
  try {
    for (let written = 0; written < chunk.length; ) written += writeSync(descriptor, chunk, written);
  } catch (cause) {
    throw cannotSpool(cause);
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

function cannotSpool(cause: unknown): unknown {
  if (systemErrorCode(cause) === undefined || !(cause instanceof Error)) return cause;
  return new UserError('SPACECTL_CANNOT_WRITE', `Cannot write a temporary file in ${tmpdir()}: ${cause.message}`, {
    suggestions: ['Set TMPDIR to a writable directory with enough free space'],
    cause,
  });
}
