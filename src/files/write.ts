import { rmSync } from 'node:fs';
import { chmod, type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError, systemErrorCode, UserError } from '../core/errors.ts';
import { undoIfStopped } from '../core/unfinished.ts';
import { currentOwner, formatOwner, isGoneByName } from './owner.ts';
import { replacementError } from './place.ts';

/**
 * Writes a file atomically: readers see the old bytes or the new ones, and a full disk or a killed process leaves the
 * old file intact. A link at the target is not followed, and a device is not replaced.
 *
 * @param mode permission bits, set regardless of the umask and before the first byte is written
 * @param mayReplace whether an existing file may be replaced; if not, the write fails, without a race
 * @throws UserError `SPACECTL_WOULD_OVERWRITE`, `SPACECTL_CANNOT_WRITE`
 */
export async function writeFileWhole(
  file: string,
  bytes: Uint8Array,
  { mode, mayReplace }: { mode: number; mayReplace: boolean },
): Promise<void> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, temporaryName(file));
  const finished = undoIfStopped(() => rmSync(temporary, { force: true }));
  try {
    await makeFolder(folder);
    await removeAbandoned(folder);
    await writeSynced(temporary, bytes, mode);
    if (mayReplace) {
      await assertReplaceable(file);
      await rename(temporary, file);
    } else {
      await link(temporary, file);
      await rm(temporary);
    }
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw cannotWrite(file, cause);
  } finally {
    finished();
  }
}

/**
 * Sets the permission bits of an existing file. A link is not followed.
 * @throws UserError `SPACECTL_CANNOT_WRITE`, `SPACECTL_WOULD_OVERWRITE` for a link or a device
 */
export async function changeMode(file: string, mode: number): Promise<void> {
  try {
    await assertReplaceable(file);
    await chmod(file, mode);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/** Returns a unique name that contains its owner. */
function temporaryName(file: string): string {
  return `.${path.basename(file)}.${formatOwner(currentOwner())}.${crypto.randomUUID()}.spacectl-tmp`;
}

/**
 * Removes temporary files left behind in a directory by processes that were killed. One of them may be a second name of
 * a key file that is complete.
 */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const file of await findAbandoned(folder)) await rm(file, { force: true }).catch(() => {});
}

/** Finds temporary files left behind in a directory by processes that were killed. */
export async function findAbandoned(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const abandoned = names.filter((name) => {
    const [, owner] = /\.([0-9a-f-]+)\.[0-9a-f-]+\.spacectl-tmp$/.exec(name) ?? [];
    return owner !== undefined && isGoneByName(owner);
  });
  return abandoned.map((name) => path.join(folder, name));
}

/** Creates a directory and its parents. (With `recursive`, Node reports ENOENT for a read-only file system.) */
async function makeFolder(folder: string): Promise<void> {
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch((error: unknown) => {
    if (!isSystemError(error, 'EEXIST')) throw error;
  });
}

async function writeSynced(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode & 0o600);
  try {
    await handle.chmod(mode);
    await writeAll(handle, bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes all bytes. A single `write(2)` may write fewer than it was given. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, offset);
    offset += bytesWritten;
  }
}

async function assertReplaceable(file: string): Promise<void> {
  const error = await replacementError(file);
  if (error) throw error;
}

/** Makes the new name durable (fsync(2): "calling fsync() does not ensure the directory entry has reached disk"). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exceeded',
  ESTALE: 'the file was removed on the file server',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
};

/** Creates the error for a file that could not be written. */
export function cannotWrite(file: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  if (isSystemError(cause, 'EEXIST')) {
    return new UserError('SPACECTL_WOULD_OVERWRITE', `${file} already exists, and spacectl never overwrites it`, {
      cause,
    });
  }
  const reason = REASONS[systemErrorCode(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));
  return new UserError('SPACECTL_CANNOT_WRITE', `Cannot write ${file}: ${reason}`, { cause });
}
