import { constants, rmSync } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { isSystemError } from '../core/errors.ts';
import { undoIfStopped } from '../core/unfinished.ts';
import { type HeldFolder, withFolderOf } from './folder.ts';
import { whileInUse } from './patience.ts';
import { assertReplaceable } from './place.ts';
import { removeAbandonedIn, temporaryName } from './temporary.ts';

/** How to write a file. */
export interface WriteOptions {
  /** Permission bits, set regardless of the umask and before the first byte is written. */
  readonly mode: number;
  /** Whether an existing file may be replaced; if not, the write fails, without a race. */
  readonly mayReplace: boolean;
  /** Whom the file belongs to, set before the first byte is written. By default, the user of this process. */
  readonly owner?: { readonly user: number; readonly group: number };
}

/**
 * Writes a file atomically: readers see the old bytes or the new ones, and a full disk or a killed process leaves the
 * old file intact. Creates missing directories. A link at the target is not followed, and a device is not replaced.
 *
 * @throws UserError `SPACECTL_WOULD_OVERWRITE`, `SPACECTL_CANNOT_WRITE`; `SPACECTL_NOT_ALLOWED` as `holdFolder`
 */
export async function writeFileWhole(file: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  await withFolderOf(file, (folder, name) => writeEntry(folder, name, bytes, options, file), 0o777);
}

/** Writes a file in an open directory, as `writeFileWhole`. @param file its path for messages */
export async function writeEntry(
  folder: HeldFolder,
  name: string,
  bytes: Uint8Array,
  { mode, mayReplace, owner }: WriteOptions,
  file: string,
): Promise<void> {
  await removeAbandonedIn(folder);
  const temporary = folder.entry(temporaryName(name));
  const finished = undoIfStopped(() => rmSync(temporary, { force: true }));
  try {
    await writeSynced(temporary, bytes, mode, owner);
    if (mayReplace) {
      await assertReplaceable(folder.entry(name), file);
      await whileInUse(() => rename(temporary, folder.entry(name)));
    } else {
      await giveName(temporary, folder.entry(name));
    }
    await folder.sync();
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  } finally {
    finished();
  }
}

/**
 * What link(2) reports on file systems without hard links, and FUSE for a call that a file system does not have. Windows
 * calls it an invalid function, for which Node says EISDIR (libuv, src/win/error.c).
 */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EISDIR'];

/** Renames a file, unless one with the new name exists. @throws Node's error `EEXIST` */
async function giveName(temporary: string, place: string): Promise<void> {
  try {
    await link(temporary, place);
  } catch (error) {
    if (!isSystemError(error, ...NO_LINKS)) throw error;
    return reserveAndRename(temporary, place);
  }
  await whileInUse(() => unlink(temporary));
}

/** Without hard links: an empty file reserves the name, and is replaced by the whole file. */
async function reserveAndRename(temporary: string, place: string): Promise<void> {
  await (await open(place, 'wx', 0o600)).close();
  const finished = undoIfStopped(() => rmSync(place, { force: true }));
  try {
    await whileInUse(() => rename(temporary, place));
  } catch (error) {
    await unlink(place).catch(() => {});
    throw error;
  } finally {
    finished();
  }
}

async function writeSynced(file: string, bytes: Uint8Array, mode: number, owner: WriteOptions['owner']): Promise<void> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode & 0o600);
  try {
    if (owner) await handle.chown(owner.user, owner.group);
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
