import path from 'node:path';
import { compressionOf } from '../../core/compression.ts';
import { abortReason, UserError } from '../../core/errors.ts';
import { openToRead, type ReadableFile } from '../../files/read.ts';
import { spool } from '../../files/spool.ts';
import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { unpackerFor } from '../tar/decompress.ts';
import { cleanName, toByteName } from '../tar/paths.ts';
import { TarReader } from '../tar/reader.ts';
import type { Store } from './store.ts';

const CHUNK = 256 * 1024;

/** Where the content of a file is in the archive. */
interface Extent {
  readonly offset: number;
  readonly size: number;
}

/**
 * Opens a tar archive as a store of files. Its headers are read once, and contents skipped. A compressed archive is
 * unpacked into a temporary file first, because files are read by their offset.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_CANNOT_READ`, `SPACECTL_CANNOT_WRITE` if the disk is full
 */
export async function openArchive(
  file: string,
  { signal, report = () => {} }: { readonly signal: AbortSignal; readonly report?: (progress: string) => void },
): Promise<Store> {
  const handle = await openUncompressed(file, signal, report);
  try {
    const extents = await indexEntries(handle, file, signal);
    return storeOf(file, handle, extents);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function storeOf(name: string, handle: ReadableFile, extents: ReadonlyMap<string, Extent>): Store {
  function extentOf(file: string): Extent {
    const extent = extents.get(toByteName(file));
    if (extent) return extent;
    throw badImage(`${name} is incomplete: it has no ${file}`);
  }
  return {
    name,
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

/** Reads a part of a file. Node's own stream would close the file at its end. */
async function* bytesOf(handle: ReadableFile, { offset, size }: Extent, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    if (signal.aborted) throw abortReason(signal);
    const length = Math.min(CHUNK, size - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset + at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** Opens an archive, and unpacks it into a temporary file if it is compressed. */
async function openUncompressed(
  file: string,
  signal: AbortSignal,
  report: (progress: string) => void,
): Promise<ReadableFile> {
  const source = await openToRead(file);
  const start = Buffer.alloc(4);
  const stats = await source.stat();
  const { size } = stats;
  if (!stats.isFile()) {
    await source.close();
    throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: an archive must be a regular file`);
  }
  await source.read(start, 0, start.length, 0);
  const compression = compressionOf(start);
  if (compression !== 'gzip' && compression !== 'zstd') return source;
  report(`Unpacking ${file}`);
  const limit = Math.max(LIMITS.unpackedBytes, size * LIMITS.unpackedRatio);
  try {
    return await spool(async (write) => {
      let unpacked = 0;
      let pending: Buffer[] = [];
      const unpacker = unpackerFor(start, file, (chunk) => {
        unpacked += chunk.length;
        if (unpacked > limit) throw badImage(`${file} has ${size} bytes and unpacks to more than ${limit}`);
        pending.push(Buffer.from(chunk));
      });
      const flush = async () => {
        const chunks = pending;
        pending = [];
        for (const chunk of chunks) await write(chunk);
      };
      for await (const chunk of bytesOf(source, { offset: 0, size }, signal)) {
        await unpacker.write(chunk);
        await flush();
      }
      await unpacker.end();
      await flush();
    });
  } finally {
    await source.close();
  }
}

/** Lists the files of the archive. Links stand for their targets: `docker save` stores identical layers once. */
async function indexEntries(
  handle: ReadableFile,
  name: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Extent>> {
  const extents = new Map<string, Extent>();
  const links = new Map<string, string>();
  const reader = new TarReader((entry) => {
    const file = cleanName(entry.name);
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
      suggestions: ['docker save -o FILE IMAGE', 'skopeo copy docker://IMAGE oci-archive:FILE'],
      cause,
    });
  }
}
