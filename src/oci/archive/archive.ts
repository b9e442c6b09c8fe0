import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { compressionOf } from '../../core/compression.ts';
import { abortReason, UserError } from '../../core/errors.ts';
import { spool } from '../../files/spool.ts';
import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { unpackerFor } from '../tar/decompress.ts';
import { cleanName } from '../tar/paths.ts';
import { TarReader } from '../tar/reader.ts';
import type { Store } from './stored-image.ts';

const CHUNK = 256 * 1024;

/** Where in the archive the content of a file is. */
interface Extent {
  readonly offset: number;
  readonly size: number;
}

/**
 * Opens a tar archive as a store of files. Its headers are read once, and contents skipped; one that is compressed is
 * unpacked into a temporary file first, because nothing else can be looked up in.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_CANNOT_READ`, `SPACECTL_CANNOT_WRITE` if the disk is full
 */
export async function openArchive(
  file: string,
  { signal, report = () => {} }: { readonly signal: AbortSignal; readonly report?: (progress: string) => void },
): Promise<Store> {
  const handle = await seekable(file, signal, report);
  try {
    const extents = await readIndex(handle, file, signal);
    return storeOf(file, handle, extents);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function storeOf(name: string, handle: FileHandle, extents: ReadonlyMap<string, Extent>): Store {
  function extentOf(file: string): Extent {
    const extent = extents.get(file);
    if (extent) return extent;
    throw badImage(`${name} has no ${file}: it is not a whole archive of an image`);
  }
  return {
    name,
    sizeOf: async (file) => extents.get(file)?.size,
    async read(file, limit) {
      const { offset, size } = extentOf(file);
      if (size > limit) throw badImage(`${name}: ${file} is larger than ${limit} bytes`);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
      return buffer.subarray(0, bytesRead);
    },
    async open(file, signal) {
      return bytesOf(handle, extentOf(file), signal);
    },
    close: () => handle.close(),
  };
}

/** A part of a file. Node's own stream would close the file with itself. */
async function* bytesOf(handle: FileHandle, { offset, size }: Extent, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    if (signal.aborted) throw abortReason(signal);
    const length = Math.min(CHUNK, size - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset + at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** The archive as a file without compression. */
async function seekable(file: string, signal: AbortSignal, report: (progress: string) => void): Promise<FileHandle> {
  const source = await open(file, 'r').catch((cause: unknown) => {
    throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}`, { cause });
  });
  const start = Buffer.alloc(4);
  const stats = await source.stat();
  const { size } = stats;
  if (!stats.isFile()) {
    await source.close();
    throw new UserError(
      'SPACECTL_CANNOT_READ',
      `Cannot read ${file}: an archive has to be a file, to look things up in`,
    );
  }
  await source.read(start, 0, start.length, 0);
  const compression = compressionOf(start);
  if (compression !== 'gzip' && compression !== 'zstd') return source;
  report(`Unpacking ${file}`);
  const most = Math.max(LIMITS.unpackedBytes, size * LIMITS.unpackedRatio);
  try {
    return await spool(async (write) => {
      let unpacked = 0;
      let pending: Buffer[] = [];
      const unpacker = unpackerFor(start, file, (chunk) => {
        unpacked += chunk.length;
        if (unpacked > most) throw badImage(`${file} unpacks to more than ${most} bytes out of ${size}`);
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

/** What is in the archive. Symbolic and hard links stand for what they lead to: layers that are there twice are stored once. */
async function readIndex(handle: FileHandle, name: string, signal: AbortSignal): Promise<ReadonlyMap<string, Extent>> {
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
    asArchive(name, () => reader.write(buffer.subarray(0, bytesRead)));
    if (extents.size + links.size > LIMITS.entries) throw badImage(`${name} has more than ${LIMITS.entries} entries`);
    offset += bytesRead;
    const left = reader.unwanted;
    reader.skip(left);
    offset += left;
  }
  asArchive(name, () => reader.end());
  const { size } = await handle.stat();
  for (const file of links.keys()) {
    let target: string | undefined = file;
    for (let hops = 0; hops < LIMITS.links && target !== undefined && !extents.has(target); hops++)
      target = links.get(target);
    const extent = target === undefined ? undefined : extents.get(target);
    if (extent) extents.set(file, extent);
  }
  for (const [file, extent] of extents) {
    if (extent.offset + extent.size > size) throw badImage(`${name} breaks off in the middle of ${file}`);
  }
  return extents;
}

/** What is wrong with a tar archive is said of the file: the reader takes all it reads for a layer. */
function asArchive(name: string, read: () => void): void {
  try {
    read();
  } catch (cause) {
    throw badImage(`${name} is not a tar archive, or is damaged`, {
      suggestions: ['Make one with docker save, or skopeo copy … oci-archive:FILE'],
      cause,
    });
  }
}
