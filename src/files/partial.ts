import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../core/errors.ts';
import { formatOwner, isGoneByName, ownOwner } from './owner.ts';
import { cannotWrite, writeAll } from './write.ts';

/** A file that grows while it is downloaded, and outlives an interruption, so that the next run goes on where it ended. */
export interface PartialFile {
  /** Bytes so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Starts over. */
  clear(): Promise<void>;
  read(): Promise<Buffer>;
  close(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Opens the hidden file beside `target` in which `id`, the content's digest, grows. What a process that is gone has left
 * of the same content is taken over, and of other content is removed; two running processes never share one.
 *
 * @throws UserError `SPACECTL_CANNOT_WRITE`
 */
export async function openPartial(target: string, id: string): Promise<PartialFile> {
  const folder = path.dirname(path.resolve(target));
  const prefix = `.${path.basename(target)}.`;
  const file = path.join(folder, `${prefix}${id.slice(0, 16)}.${formatOwner(ownOwner())}.spacectl-part`);
  const attempt = <T>(act: () => Promise<T>): Promise<T> =>
    act().catch((cause: unknown) => {
      throw cannotWrite(file, cause);
    });
  let size = 0;
  const handle = await attempt(async () => {
    await mkdir(folder, { recursive: true });
    await takeOver(folder, prefix, id.slice(0, 16), file);
    const opened = await open(file, 'a', 0o600);
    size = (await opened.stat()).size;
    return opened;
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
    read: () => readFile(file),
    close: () => handle.close(),
    async remove() {
      await handle.close();
      await rm(file, { force: true });
    },
  };
}

async function takeOver(folder: string, prefix: string, id: string, file: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith('.spacectl-part')) continue;
    const [theirs, owner = ''] = name.slice(prefix.length).split('.');
    if (!isGoneByName(owner)) continue;
    const abandoned = path.join(folder, name);
    if (theirs === id) await rename(abandoned, file).catch(unlessTaken);
    else await rm(abandoned, { force: true });
  }
}

/** Another run may have taken it over first. */
function unlessTaken(error: unknown): void {
  if (!isSystemError(error, 'ENOENT')) throw error;
}
