import path from 'node:path';
import { abortReason } from '../../core/errors.ts';
import type { ReadableFile } from '../../files/read.ts';
import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { cleanName, toByteName } from '../tar/paths.ts';
import { TarReader } from '../tar/reader.ts';
import type { Store } from './store.ts';
import { archiveName, bytesOf } from './unpacked-file.ts';

/** Where the content of a file is in the archive. */
interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** Directories that every root file system has, and no image archive. */
const ROOT_ENTRY = /^(?:etc|usr)\/./;

/**
 * Opens a tar archive as a store of files. Its headers are read once, and contents skipped.
 *
 * @param archive its path
 * @returns `undefined` if it is a root file system: then it is read no further than to the first entry that shows it
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export async function openArchive(
  handle: ReadableFile,
  archive: string,
  signal: AbortSignal,
): Promise<Store | undefined> {
  const extents = await indexEntries(handle, archiveName(archive), signal);
  return extents && storeOf(archive, handle, extents);
}

function storeOf(archive: string, handle: ReadableFile, extents: ReadonlyMap<string, Extent>): Store {
  const name = archiveName(archive);
  function extentOf(file: string): Extent {
    const extent = extents.get(toByteName(file));
    if (extent) return extent;
    throw badImage(`${name} is incomplete: it has no ${file}`);
  }
  return {
    name,
    path: archive,
    sizeOf: async (file) => extents.get(toByteName(file))?.size,
    async read(file, limit) {
      const { offset, size } = extentOf(file);
      if (size > limit) throw badImage(`${name}: ${file} has more than ${limit} bytes`);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
      return buffer.subarray(0, bytesRead);
    },
    async open(file, signal) {
      return bytesOf(handle, extentOf(file), signal);
    },
    close: () => handle.close(),
  };
}

/** Lists the files of the archive, unless it is a root file system. Links stand for their targets: `docker save` stores identical layers once. */
async function indexEntries(
  handle: ReadableFile,
  name: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Extent> | undefined> {
  const extents = new Map<string, Extent>();
  const links = new Map<string, string>();
  let isRoot = false;
  const reader = new TarReader((entry) => {
    const file = cleanName(entry.name);
    isRoot ||= ROOT_ENTRY.test(file);
    const target =
      entry.kind === 'symbolic link' ? path.posix.join(path.posix.dirname(file), entry.linkName) : entry.linkName;
    if (entry.kind === 'file') extents.set(file, { offset: entry.offset, size: entry.size });
    else if (entry.kind.endsWith('link')) links.set(file, cleanName(target));
    return undefined;
  });
  const buffer = Buffer.alloc(64 * 1024);
  for (let offset = 0; ; ) {
    if (signal.aborted) throw abortReason(signal);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    if (bytesRead === 0) break;
    withArchiveErrors(name, () => reader.write(buffer.subarray(0, bytesRead)));
    if (isRoot) return undefined;
    if (extents.size + links.size > LIMITS.entries) throw badImage(`${name} has more than ${LIMITS.entries} entries`);
    offset += bytesRead;
    const left = reader.skippable;
    reader.skip(left);
    offset += left;
  }
  withArchiveErrors(name, () => reader.end());
  const { size } = await handle.stat();
  for (const file of links.keys()) {
    let target: string | undefined = file;
    for (let hops = 0; hops < LIMITS.links && target !== undefined && !extents.has(target); hops++)
      target = links.get(target);
    const extent = target === undefined ? undefined : extents.get(target);
    if (extent) extents.set(file, extent);
  }
  for (const [file, extent] of extents) {
    if (extent.offset + extent.size > size) throw badImage(`${name} ends in the middle of ${file}; it may be cut off`);
  }
  return extents;
}

/** Makes the errors of the tar reader name the archive: the reader reports them for a layer. */
function withArchiveErrors(name: string, read: () => void): void {
  try {
    read();
  } catch (cause) {
    throw badImage(`${name} is not a tar archive, or it is damaged`, {
      suggestions: [
        { command: 'docker save -o FILE IMAGE' },
        { command: 'skopeo copy docker://IMAGE oci-archive:FILE' },
      ],
      cause,
    });
  }
}
