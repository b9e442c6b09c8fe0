import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../core/sha256.ts';
import { touch } from '../../files/attributes.ts';
import { makeFolder } from '../../files/folder.ts';
import { readFileIfExists } from '../../files/read.ts';
import { removeFile } from '../../files/remove.ts';
import { writeFileWhole } from '../../files/write.ts';

/** Bytes of all files together; the least recently used are removed first. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
/** Bytes of one file; a larger one is not cached. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/**
 * A cache of files in a directory of the user. Any number of processes may use it at once: files are written atomically,
 * and a name always stands for the same content. A damaged file counts as missing. A directory that cannot be written to is
 * not an error.
 *
 * What is cached is not verified again, so another user must not be able to have written it: a directory or a file counts
 * as missing if it has another owner, if others may write to it, or if it is a link.
 */
export class CacheFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads a cached file. `undefined` if it is missing or damaged. */
  async read(name: string): Promise<Buffer | undefined> {
    const file = path.join(this.#folder, name);
    if (!(await isOwn(this.#folder, 'directory')) || !(await isOwn(file, 'file'))) return undefined;
    const bytes = await readFileIfExists(file).catch(() => undefined);
    const content = bytes?.subarray(bytes.indexOf(0x0a) + 1);
    // A full disk or an edit may have damaged it.
    if (!bytes || !content || bytes.toString('latin1', 0, bytes.length - content.length) !== firstLine(content))
      return undefined;
    // Nothing depends on it, and the file may be removed meanwhile.
    touch(file);
    return content;
  }

  /** Writes a file, and removes the least recently used ones if the cache is too large. Errors are ignored. */
  async write(name: string, content: Buffer | string): Promise<void> {
    const bytes = Buffer.from(content);
    if (bytes.length > MAX_FILE_BYTES) return;
    try {
      if (!(await isInOwnTree(this.#folder))) return;
      await makeFolder(this.#folder, 0o700);
      if (!(await isOwn(this.#folder, 'directory'))) return;
      const whole = Buffer.concat([Buffer.from(firstLine(bytes)), bytes]);
      await writeFileWhole(path.join(this.#folder, name), whole, { mode: 0o600, mayReplace: true });
      await this.#makeRoom();
    } catch {
      // The cache is optional.
    }
  }

  async #makeRoom(): Promise<void> {
    const files = await Promise.all(
      (await readdir(this.#folder)).map(async (name) => {
        const file = path.join(this.#folder, name);
        const stats = await stat(file).catch(() => undefined);
        return { file, size: stats?.size ?? 0, usedAt: stats?.mtimeMs ?? 0 };
      }),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of files.sort((one, other) => one.usedAt - other.usedAt)) {
      if (total <= MAX_TOTAL_BYTES) return;
      await removeFile(file);
      total -= size;
    }
  }
}

/** Reports whether something exists, is what it should be, and only this user may change it. */
async function isOwn(place: string, kind: 'directory' | 'file'): Promise<boolean> {
  const stats = await lstat(place).catch(() => undefined);
  if (!stats || !(kind === 'file' ? stats.isFile() : stats.isDirectory())) return false;
  // Windows has neither owners nor modes like these: a profile's directories are its user's alone.
  const user = process.getuid?.();
  return user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0);
}

/**
 * Reports whether the nearest directory that exists belongs to this user or to root. Under `sudo`, the cache of the user
 * who called it does not: root must not leave directories of its own there.
 */
async function isInOwnTree(folder: string): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined);
  const parent = path.dirname(folder);
  if (!stats && parent !== folder) return isInOwnTree(parent);
  return process.getuid === undefined || stats?.uid === process.getuid() || stats?.uid === 0;
}

function firstLine(content: Uint8Array): string {
  return `${sha256(content)}\n`;
}
