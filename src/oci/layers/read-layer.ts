import { abortReason } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import { checkDigest } from '../digest.ts';
import type { Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { MAGIC_LENGTH, type Unpacker, unpackerFor } from '../tar/decompress.ts';
import { type TakeContent, type TarEntry, TarReader } from '../tar/reader.ts';
import { nameOf, refuseUnreadable } from './readable-layer.ts';

export interface LayerOptions {
  readonly signal: AbortSignal;
  /** Told of stored bytes as they come. */
  readonly onBytes?: (bytes: number) => void;
  /** Whether `onEntry` may say `stop`. */
  readonly mayStop?: boolean;
  /** Whether this thread has nothing else to do than to read the layer. */
  readonly mayBlock?: boolean;
}

/** Is told of each entry, with its position in the layer; says where its content goes, or that no more has to be read. */
export type OnEntry = (entry: TarEntry, position: number) => TakeContent | 'stop' | undefined;

/**
 * Reads a whole layer once, from its first byte to its last, and checks its digest; unless `onEntry` stops it. Nothing of
 * it is held in memory. What `onEntry` has learned counts only once this has resolved.
 *
 * @returns whether it was read to its end, and is what its digest says
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_UNREACHABLE`, what `onEntry` throws
 */
export async function readLayer(
  layer: Layer,
  onEntry: OnEntry,
  { signal, onBytes, mayStop = false, mayBlock = false }: LayerOptions,
): Promise<boolean> {
  refuseUnreadable(layer);
  const what = nameOf(layer);
  const isOfUnpacked = layer.digestIsOf === 'unpacked';
  const check = isOfUnpacked ? checkDigest(layer.digest, what) : checkDigest(layer.digest, what, layer.size);
  let isStopped = false;
  const untilStopped: OnEntry = (entry, position) => {
    if (isStopped) return undefined;
    const answer = onEntry(entry, position);
    isStopped = answer === 'stop';
    return answer;
  };
  const onUnpacked = isOfUnpacked ? (chunk: Buffer) => check.update(chunk) : () => {};
  const unpacking = unpackTar(layer, untilStopped, onUnpacked, mayBlock);
  const source = await layer.open(signal, mayStop ? 'beginning' : 'whole');
  let failure: { error: unknown } | undefined;
  const fail = (error: unknown) => {
    failure = { error };
  };
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of source) {
      if (signal.aborted) throw abortReason(signal);
      onBytes?.(chunk.length);
      // Hashed while zlib is busy with the chunk before, on another thread.
      if (!isOfUnpacked) check.update(chunk);
      await writing;
      if (isStopped) return false;
      // Damaged data is read to its end all the same: what is wrong with it is that it has another digest.
      if (!failure) writing = unpacking.write(chunk).catch(fail);
      // The next piece is only asked for if this one does not settle it.
      if (mayStop) await writing;
      if (isStopped) return false;
    }
    await writing;
    if (!isOfUnpacked) check.finish();
    if (failure) throw failure.error;
    await unpacking.end();
    if (isOfUnpacked) check.finish();
    return true;
  } finally {
    unpacking.destroy();
  }
}

/** Stored bytes in, entries out. */
function unpackTar(layer: Layer, onEntry: OnEntry, onUnpacked: (chunk: Buffer) => void, mayBlock: boolean): Unpacker {
  const [what, { size }] = [nameOf(layer), layer];
  let position = 0;
  const tar = new TarReader((entry) => {
    if (position === LIMITS.entries) throw badImage(`${what} has more than ${LIMITS.entries} entries`);
    const answer = onEntry(entry, position++);
    return answer === 'stop' ? undefined : answer;
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
    (start) => unpackerFor(start, what, take, { mayBlock }),
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
