import { abortion } from '../step/errors.ts';
import { badImage } from './bad-image.ts';
import { MAGIC_LENGTH, type Unpacker, unpackerFor } from './decompress.ts';
import { checkDigest } from './digest.ts';
import type { Layer } from './image.ts';
import { LIMITS } from './limits.ts';
import { nameOf, refuseUnreadable } from './readable-layer.ts';
import { type TakeContent, type TarEntry, TarReader } from './tar-reader.ts';

/**
 * Reads a whole layer once, from its first byte to its last, and checks its digest. Nothing of it is held in memory.
 * What `onEntry` has learned counts only once this has resolved.
 *
 * @param onEntry is told of each entry, with its position in the layer; says where its content goes, if it is wanted
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_UNREACHABLE`, what `onEntry` throws
 */
export async function readLayer(
  layer: Layer,
  onEntry: (entry: TarEntry, position: number) => TakeContent | undefined,
  signal: AbortSignal,
): Promise<void> {
  refuseUnreadable(layer);
  const what = nameOf(layer);
  const isOfUnpacked = layer.digestIsOf === 'unpacked';
  const check = isOfUnpacked ? checkDigest(layer.digest, what) : checkDigest(layer.digest, what, layer.size);
  const unpacking = unpackTar(what, layer.size, onEntry, isOfUnpacked ? (chunk) => check.update(chunk) : () => {});
  const source = await layer.open(signal);
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure = { error };
  };
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (signal.aborted) throw abortion(signal);
      // Hashed while zlib is busy with the chunk before, on another thread.
      if (!isOfUnpacked) check.update(chunk);
      await writing;
      // Damaged data is read to its end all the same: what is wrong with it is that it has another digest.
      if (!failure) writing = unpacking.write(chunk).catch(fail);
    }
    await writing;
    if (!isOfUnpacked) check.finish();
    if (failure) throw failure.error;
    await unpacking.end();
    if (isOfUnpacked) check.finish();
  } finally {
    unpacking.destroy();
    source.destroy();
  }
}

/** Stored bytes in, entries out. */
function unpackTar(
  what: string,
  size: number,
  onEntry: (entry: TarEntry, position: number) => TakeContent | undefined,
  onUnpacked: (chunk: Buffer) => void,
): Unpacker {
  let position = 0;
  const tar = new TarReader((entry) => {
    if (position === LIMITS.entries) throw badImage(`${what} has more than ${LIMITS.entries} entries`);
    return onEntry(entry, position++);
  });
  const most = Math.max(LIMITS.unpackedBytes, size * LIMITS.unpackedRatio);
  let unpacked = 0;
  const take = (chunk: Buffer) => {
    unpacked += chunk.length;
    if (unpacked > most) throw badImage(`${what} unpacks to more than ${most} bytes out of ${size}`);
    onUnpacked(chunk);
    tar.write(chunk);
  };
  return fromStart(
    (start) => unpackerFor(start, what, take),
    () => tar.end(),
  );
}

/** An unpacker that is only chosen once enough bytes are there to see which it has to be. */
function fromStart(choose: (start: Buffer) => Unpacker, atEnd: () => void): Unpacker {
  let start: Buffer = Buffer.alloc(0);
  let chosen: Unpacker | undefined;
  const begin = async () => {
    chosen = choose(start);
    await chosen.write(start);
  };
  return {
    async write(chunk) {
      if (chosen) return chosen.write(chunk);
      start = Buffer.concat([start, chunk]);
      if (start.length >= MAGIC_LENGTH) await begin();
    },
    async end() {
      if (!chosen) await begin();
      await chosen?.end();
      atEnd();
    },
    destroy: () => chosen?.destroy(),
  };
}
