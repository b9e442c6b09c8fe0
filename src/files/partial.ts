import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isSystemError } from '../core/errors.ts';
import { currentOwner, formatOwner, isGoneByName } from './owner.ts';
import { cannotWrite, writeAll } from './write.ts';

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
  const folder = path.dirname(path.resolve(target));
  const prefix = `.${path.basename(target)}.`;
  const file = path.join(folder, `${prefix}${id.slice(0, 16)}.${formatOwner(currentOwner())}.spacectl-part`);
  const attempt = <T>(operation: () => Promise<T>): Promise<T> =>
    operation().catch((cause: unknown) => {
      throw cannotWrite(file, cause);
    });
  let size = 0;
  const handle = await attempt(async () => {
    await mkdir(folder, { recursive: true });
    await adoptAbandoned(folder, prefix, id.slice(0, 16), file);
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

async function adoptAbandoned(folder: string, prefix: string, id: string, file: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith('.spacectl-part')) continue;
    const [theirs, owner = ''] = name.slice(prefix.length).split('.');
    if (!isGoneByName(owner)) continue;
    const abandoned = path.join(folder, name);
    if (theirs === id) await rename(abandoned, file).catch(ignoreMissing);
    else await rm(abandoned, { force: true });
  }
}

/** Ignores a missing file: another run may have taken it over first. */
function ignoreMissing(error: unknown): void {
  if (!isSystemError(error, 'ENOENT')) throw error;
}
