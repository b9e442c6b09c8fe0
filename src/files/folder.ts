import { constants, fstatSync, readlinkSync, statSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError, UserError } from '../core/errors.ts';
import { orCannotWrite } from './failure.ts';
import { assertTrusted } from './trusted-folder.ts';

/** A directory that is held open while its entries are changed, so that no other directory can take its place. */
export interface HeldFolder {
  /** Absolute, for messages. */
  readonly path: string;
  /**
   * Returns the path with which to change an entry. On Linux it leads into this very directory, whatever becomes of its
   * path; on macOS, the path was checked to lead there a moment ago; on Windows, when the directory was opened.
   * @throws UserError `SPACECTL_CANNOT_WRITE` if another directory has taken its place
   */
  entry(name: string): string;
  /** Opens a directory in this one; a link is not followed. */
  open(name: string): Promise<HeldFolder>;
  /** Makes the names of its entries durable (fsync(2)). */
  sync(): Promise<void>;
  /** Sets its owner. */
  chown(user: number, group: number): Promise<void>;
  close(): Promise<void>;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * Opens a directory to change its entries.
 *
 * @param folderMode creates it and its parents if they are missing: 0o700 is set whatever the umask, to 0o777 it applies
 * @throws UserError `SPACECTL_NOT_ALLOWED` if this is root's process and others can change the directory; Node's errors
 */
export async function holdFolder(folder: string, folderMode?: 0o700 | 0o777): Promise<HeldFolder> {
  const place = path.resolve(folder);
  try {
    return await openFolder(place, place);
  } catch (error) {
    const parent = path.dirname(place);
    // Node's recursive mkdir tries for ever if the system says so of the topmost directory, or of a link that leads nowhere.
    if (folderMode === undefined || parent === place || !isSystemError(error, 'ENOENT')) throw error;
    const held = await holdFolder(parent, folderMode);
    try {
      return await createFolder(held, path.basename(place), folderMode);
    } finally {
      await held.close();
    }
  }
}

/** Runs some work with the directory of a file held open. @throws UserError that names the file; what `work` throws */
export async function withFolderOf<T>(
  file: string,
  work: (folder: HeldFolder, name: string) => Promise<T>,
  folderMode?: 0o700 | 0o777,
): Promise<T> {
  return orCannotWrite(file, async () => {
    const place = path.resolve(file);
    const folder = await holdFolder(path.dirname(place), folderMode);
    try {
      return await work(folder, path.basename(place));
    } finally {
      await folder.close();
    }
  });
}

/** Creates a directory and its parents unless it exists. @throws UserError `SPACECTL_CANNOT_WRITE`, `SPACECTL_NOT_ALLOWED` */
export async function makeFolder(folder: string, folderMode: 0o700 | 0o777): Promise<void> {
  await orCannotWrite(folder, async () => (await holdFolder(folder, folderMode)).close());
}

/** Creates a directory that must not exist, and opens it. */
async function createFolder(parent: HeldFolder, name: string, mode: 0o700 | 0o777): Promise<HeldFolder> {
  const place = path.join(parent.path, name);
  // Root does not work where its group may write, as a umask of 002 would have it.
  const isMade = await mkdir(parent.entry(name), process.geteuid?.() === 0 ? mode & 0o755 : mode).then(
    () => true,
    (error: unknown) => {
      if (isSystemError(error, 'EEXIST')) return false;
      throw error;
    },
  );
  // What another process has made meanwhile may be a link to a directory.
  if (!isMade) return openFolder(parent.entry(name), place);
  const folder = await openFolder(parent.entry(name), place, O_NOFOLLOW, mode === 0o700 ? mode : undefined);
  try {
    await parent.sync();
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** @param place its path for messages, which may differ from the one to open */
async function openFolder(file: string, place: string, flags = 0, exactMode?: number): Promise<HeldFolder> {
  const handle = await openHandle(file, flags);
  try {
    if (exactMode !== undefined) await handle?.chmod(exactMode);
    if (handle) await assertTrusted(handle, place);
    return new OpenFolder(place, handle);
  } catch (error) {
    await handle?.close();
    throw error;
  }
}

/**
 * Opens a directory itself. Windows gives Node no handle of one: there, it is only looked at.
 * @throws Node's errors `ENOENT`, `ENOTDIR`, and others
 */
async function openHandle(file: string, flags: number): Promise<FileHandle | undefined> {
  if (process.platform !== 'win32') return open(file, O_RDONLY | O_DIRECTORY | flags);
  const stats = await (flags === O_NOFOLLOW ? lstat : stat)(file);
  if (stats.isDirectory()) return undefined;
  throw Object.assign(new Error(`ENOTDIR: not a directory, open '${file}'`), { code: 'ENOTDIR', syscall: 'open' });
}

class OpenFolder implements HeldFolder {
  readonly path: string;
  readonly #handle: FileHandle | undefined;
  /** Its name in /proc (proc(5), `/proc/pid/fd`), if there is a /proc. */
  readonly #link: string | undefined;

  constructor(place: string, handle: FileHandle | undefined) {
    this.path = place;
    this.#handle = handle;
    this.#link = handle && linkTo(handle.fd);
  }

  entry(name: string): string {
    if (this.#link !== undefined) return `${this.#link}/${name}`;
    if (this.#handle && !isSameFolder(this.#handle.fd, this.path)) {
      throw new UserError('SPACECTL_CANNOT_WRITE', `${this.path} was replaced by another directory`, {
        suggestions: ['Check who can write to its parent directory, then run the command again'],
      });
    }
    return path.join(this.path, name);
  }

  async open(name: string): Promise<HeldFolder> {
    const handle = await openHandle(this.entry(name), O_NOFOLLOW);
    return new OpenFolder(path.join(this.path, name), handle);
  }

  async sync(): Promise<void> {
    try {
      await this.#handle?.sync();
    } catch (error) {
      // Some file systems cannot do so (fsync(2), EINVAL). Any other error means that a name may be lost.
      if (!isSystemError(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
    }
  }

  async chown(user: number, group: number): Promise<void> {
    await this.#handle?.chown(user, group);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}

function linkTo(descriptor: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const link = `/proc/self/fd/${descriptor}`;
  try {
    readlinkSync(link);
    return link;
  } catch {
    // In a chroot without /proc.
    return undefined;
  }
}

function isSameFolder(descriptor: number, folder: string): boolean {
  const [held, present] = [fstatSync(descriptor), statSync(folder, { throwIfNoEntry: false })];
  return present !== undefined && held.dev === present.dev && held.ino === present.ino;
}
