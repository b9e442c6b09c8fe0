import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../core/errors.ts';
import { orCannotWrite } from './failure.ts';
import { type HeldFolder, holdFolder } from './folder.ts';
import { currentOwner, formatOwner, isGoneByName } from './owner.ts';
import { fitted } from './temporary.ts';
import { writeAll } from './write.ts';

/** A partly downloaded file. It survives an interruption, so that the next run resumes the download. */
export interface PartialFile {
  /** Bytes written so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Empties the file. */
  clear(): Promise<void>;
  read(): Promise<Buffer>;
  close(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Opens a hidden file next to `target` for a partial download. A file left behind by a process that has ended is taken
 * over if it is of the same content, and removed otherwise. Two running processes never share one.
 *
 * @param id the content's digest
 * @throws UserError `SPACECTL_CANNOT_WRITE`
 */
export async function openPartial(target: string, id: string): Promise<PartialFile> {
  const place = path.resolve(target);
  const name = partialName(path.basename(place), id, formatOwner(currentOwner()));
  const attempt = <T>(operation: () => Promise<T>) => orCannotWrite(path.join(path.dirname(place), name), operation);
  const folder = await attempt(() => holdFolder(path.dirname(place), 0o777));
  const handle = await attempt(async () => {
    await adoptAbandoned(folder, path.basename(place), id, name);
    const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW = 0 } = constants;
    return open(folder.entry(name), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  }).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  let { size } = await handle.stat();
  const close = () =>
    attempt(async () => {
      await folder.close();
      await handle.close();
    });
  return {
    get size() {
      return size;
    },
    append: (bytes) =>
      attempt(async () => {
        await writeAll(handle, bytes);
        size += bytes.length;
      }),
    clear: () =>
      attempt(async () => {
        await handle.truncate(0);
        size = 0;
      }),
    read: () => attempt(() => readAll(handle, size)),
    close,
    remove: () =>
      attempt(async () => {
        await unlink(folder.entry(name)).catch(ignoreMissing);
        await close();
      }),
  };
}

/** Names a partial file: the target, a part of the digest, and the process. */
function partialName(target: string, id: string, owner: string): string {
  return fitted(target, `.${id.slice(0, 16)}.${owner}.spacectl-part`);
}

async function readAll(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  for (let offset = 0; offset < size; ) {
    const { bytesRead } = await handle.read(bytes, offset, size - offset, offset);
    if (bytesRead === 0) return bytes.subarray(0, offset);
    offset += bytesRead;
  }
  return bytes;
}

async function adoptAbandoned(folder: HeldFolder, target: string, id: string, own: string): Promise<void> {
  for (const name of await readdir(folder.entry('.'))) {
    const [, theirs = '', owner = ''] = /\.([^.]+)\.([^.]+)\.spacectl-part$/.exec(name) ?? [];
    if (name !== partialName(target, theirs, owner) || !isGoneByName(owner)) continue;
    if (theirs === id.slice(0, 16)) await rename(folder.entry(name), folder.entry(own)).catch(ignoreMissing);
    else await unlink(folder.entry(name)).catch(ignoreMissing);
  }
}

/** Ignores a missing file: another run may have taken it over first. */
function ignoreMissing(error: unknown): void {
  if (!isSystemError(error, 'ENOENT')) throw error;
}
