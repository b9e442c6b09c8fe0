import { abortReason } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import { checkDigest, type DigestCheck } from '../digest.ts';
import type { Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { unpackerFor, unpackerFromStart } from '../tar/decompress.ts';
import { type TakeContent, type TarEntry, TarReader } from '../tar/reader.ts';
import type { Unpacker } from '../tar/unpacker.ts';
import { layerName, rejectUnreadable } from './readable-layer.ts';

/** How a layer is read. */
export interface LayerOptions {
  readonly signal: AbortSignal;
  /** Called with the number of stored bytes as they come. */
  readonly onBytes?: (bytes: number) => void;
  /** Whether `onEntry` may say `stop`. */
  readonly mayStop?: boolean;
  /** Whether reading may block this thread. */
  readonly mayBlock?: boolean;
}

/** Called for each entry with its position in the layer; returns where its content goes, or `stop` to end reading. */
export type OnEntry = (entry: TarEntry, position: number) => TakeContent | 'stop' | undefined;

/**
 * Reads a layer from its first byte to its last and checks its digest, unless `onEntry` stops it. The layer is not held in
 * memory. Use what `onEntry` has collected only after this has resolved.
 *
 * @returns whether it was read to its end and matches its digest
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_UNREACHABLE`, as `onEntry`
 */
export async function readLayer(
  layer: Layer,
  onEntry: OnEntry,
  { signal, onBytes, mayStop = false, mayBlock = false }: LayerOptions,
): Promise<boolean> {
  rejectUnreadable(layer);
  const what = layerName(layer);
  const isOfUnpacked = layer.digestIsOf === 'unpacked';
  const check = checkOf(layer, what);
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
      // Hashed while zlib unpacks the previous chunk on another thread.
      if (!isOfUnpacked) check.update(chunk);
      await writing;
      if (isStopped) return false;
      // Damaged data is still read to its end: a digest mismatch is the better error.
      if (!failure) writing = unpacking.write(chunk).catch(fail);
      // The next range is requested only if this one does not end the scan.
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

/** Returns the check of a layer's bytes, stored or unpacked. */
function checkOf({ digest, digestIsOf, size }: Layer, what: string): DigestCheck {
  if (digestIsOf === 'image') return { update() {}, finish() {} };
  return digestIsOf === 'unpacked' ? checkDigest(digest, what) : checkDigest(digest, what, size);
}

/** Creates an unpacker that passes the entries of a layer on. */
function unpackTar(layer: Layer, onEntry: OnEntry, onUnpacked: (chunk: Buffer) => void, mayBlock: boolean): Unpacker {
  const [what, { size }] = [layerName(layer), layer];
  let position = 0;
  const tar = new TarReader((entry) => {
    if (position === LIMITS.entries) throw badImage(`${what} has more than ${LIMITS.entries} entries`);
    const answer = onEntry(entry, position++);
    return answer === 'stop' ? undefined : answer;
  });
  const limit = Math.max(LIMITS.unpackedBytes, size * LIMITS.unpackedRatio);
  let unpacked = 0;
  const take = (chunk: Buffer) => {
    unpacked += chunk.length;
    if (unpacked > limit) throw badImage(`${what} has ${size} bytes and unpacks to more than ${limit}`);
    onUnpacked(chunk);
    tar.write(chunk);
  };
  return unpackerFromStart(
    (start) => unpackerFor(start, what, take, { mayBlock }),
    () => tar.end(),
  );
}
