import { abortReason, UserError } from '../../core/errors.ts';
import { openToRead, type ReadableFile, readStandardInput } from '../../files/read.ts';
import { spool } from '../../files/spool.ts';
import { badImage } from '../bad-image.ts';
import type { Report } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { unpackerFor, unpackerFromStart } from '../tar/decompress.ts';
import { isTar, isUnpackable, START_LENGTH } from '../tar/forms.ts';

const CHUNK = 256 * 1024;

/** How an archive is opened. */
export interface ArchiveOptions {
  readonly signal: AbortSignal;
  readonly report?: Report;
}

/** Names an archive in messages. */
export function archiveName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/**
 * Opens an archive. What is compressed, or can be read only once (`-`, or a pipe), is unpacked into a temporary file first,
 * because the files of an archive are read by their offset.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_CANNOT_READ`, `SPACECTL_CANNOT_WRITE` if the disk is full
 */
export async function openUnpacked(path: string, { signal, report = () => {} }: ArchiveOptions): Promise<ReadableFile> {
  if (path === '-') return unpack(readStandardInput(), path, signal);
  const source = await openToRead(path);
  let isUsed = false;
  try {
    const stats = await source.stat();
    if (stats.isFIFO()) return await unpack(source.createReadStream({ autoClose: false }), path, signal);
    if (!stats.isFile())
      throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${path}: an archive must be a file or a pipe`);
    isUsed = !isUnpackable(await readStart(source));
    if (isUsed) return source;
    report(`Unpacking ${path}`);
    return await unpack(bytesOf(source, { offset: 0, size: stats.size }, signal), path, signal);
  } finally {
    if (!isUsed) await source.close();
  }
}

/** What was in a stream: an archive, or something else, in memory. */
export type StreamContent = { readonly archive: ReadableFile } | { readonly bytes: Buffer };

/** Larger than any bundle of certificates. */
const MAX_OTHER_BYTES = 256 * 1024 * 1024;

/** Opens what can be read only once, and says whether it is an archive. @throws UserError as `openUnpacked` */
export async function openStream(path: string, options: ArchiveOptions): Promise<StreamContent> {
  const file = await openUnpacked(path, options);
  let isArchive = false;
  try {
    isArchive = isTar(await readStart(file));
    if (isArchive) return { archive: file };
    const { size } = await file.stat();
    if (size > MAX_OTHER_BYTES) throw badImage(`${archiveName(path)} is not an archive, and too large for a bundle`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return { bytes: buffer.subarray(0, bytesRead) };
  } finally {
    if (!isArchive) await file.close();
  }
}

async function readStart(file: ReadableFile): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(START_LENGTH), 0, START_LENGTH, 0);
  return buffer.subarray(0, bytesRead);
}

/** Copies data into a temporary file, unpacked. */
async function unpack(source: AsyncIterable<Buffer>, path: string, signal: AbortSignal): Promise<ReadableFile> {
  const name = archiveName(path);
  return spool(async (write) => {
    let [read, unpacked] = [0, 0];
    const take = (chunk: Buffer) => {
      unpacked += chunk.length;
      const limit = Math.max(LIMITS.unpackedBytes, read * LIMITS.unpackedRatio);
      if (unpacked > limit) throw badImage(`${name} has ${read} bytes and unpacks to more than ${limit}`);
      write(chunk);
    };
    const unpacker = unpackerFromStart((start) => unpackerFor(start, name, take, { mayBlock: true }));
    try {
      for await (const chunk of source) {
        if (signal.aborted) throw abortReason(signal);
        read += chunk.length;
        await unpacker.write(chunk);
      }
      await unpacker.end();
    } finally {
      unpacker.destroy();
    }
  });
}

/** Reads a part of a file. Node's own stream would close the file at its end. */
export async function* bytesOf(
  handle: ReadableFile,
  { offset, size }: { readonly offset: number; readonly size: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    if (signal.aborted) throw abortReason(signal);
    const length = Math.min(CHUNK, size - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset + at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
