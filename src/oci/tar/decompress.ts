import { constants, createGunzip, type Gunzip } from 'node:zlib';
import { compressionOf } from '../../core/compression.ts';
import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import type { Unpacker } from './unpacker.ts';
import type { ZstdDecoder } from './zstd.ts';

/** How many bytes `unpackerFor` needs to see; fewer only if the data is shorter. */
export const MAGIC_LENGTH = 6;

/**
 * Creates the unpacker for data with these first bytes. They decide, not the media type: registries hold layers whose
 * media type says gzip but whose data is something else.
 *
 * @param what names the layer in errors
 * @param take gets the unpacked bytes, which are valid only during the call; `write` and `end` throw what it throws
 * @param mayBlock whether the unpacker may block the thread
 */
export function unpackerFor(
  start: Buffer,
  what: string,
  take: (chunk: Buffer) => void,
  { mayBlock = false }: { readonly mayBlock?: boolean } = {},
): Unpacker {
  const compression = compressionOf(start);
  if (compression === 'gzip') return (mayBlock && gunzipOnThisThread(what, take)) || gunzip(what, take);
  const isSkippableFrame = start.length >= 4 && (start.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;
  if (isSkippableFrame || compression === 'zstd') return unzstd(what, take);
  if (compression === 'xz') return loadedLater(async () => (await import('./xz.ts')).unxz(what, take));
  return { write: async (chunk) => take(chunk), end: async () => {}, destroy() {} };
}

/** Creates an unpacker whose code is loaded with the first bytes. */
function loadedLater(load: () => Promise<Unpacker>): Unpacker {
  let loading: Promise<Unpacker> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    write: async (chunk) => (await loaded()).write(chunk),
    end: async () => (await loaded()).end(),
    destroy() {
      loading?.then((each) => each.destroy()).catch(() => {});
    },
  };
}

/** Creates an unpacker that is chosen once enough bytes have come to detect the compression. */
export function unpackerFromStart(choose: (start: Buffer) => Unpacker, atEnd: () => void = () => {}): Unpacker {
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

/** Unpacks any number of zstd frames, and skips the skippable frames of zstd:chunked. */
function unzstd(what: string, take: (chunk: Buffer) => void): Unpacker {
  let decoder: Promise<ZstdDecoder> | undefined;
  const damaged = (cause?: unknown) =>
    badImage(`${what} is damaged: its zstd data is invalid or incomplete`, { cause });
  return {
    async write(chunk) {
      decoder ??= import('./zstd.ts').then(({ createZstdDecoder }) => createZstdDecoder());
      try {
        (await decoder).write(chunk, take);
      } catch (error) {
        throw error instanceof UserError ? error : damaged(error);
      }
    },
    async end() {
      if (!(await decoder)?.isComplete) throw damaged();
    },
    destroy() {
      decoder?.then((each) => each.free()).catch(() => {});
    },
  };
}

/** Unpacks any number of gzip members, as pigz and eStargz write them, on one of zlib's threads. */
function gunzip(what: string, take: (chunk: Buffer) => void): Unpacker {
  // Just below the size from which malloc maps new memory for each chunk (mallopt(3), M_MMAP_THRESHOLD).
  const stream = createGunzip({ chunkSize: 120 * 1024 });
  let failure: unknown;
  stream.on('data', (chunk: Buffer) => {
    if (failure) return;
    try {
      take(chunk);
    } catch (error) {
      failure = error;
      stream.destroy();
    }
  });
  stream.on('error', (cause) => {
    failure ??= damagedGzip(what, cause);
  });
  /** Waits for an action to finish, or for the stream to fail: a failed stream does not call callbacks. */
  const settle = (start: (done: () => void) => void) =>
    new Promise<void>((resolve, reject) => {
      const finish = () => {
        stream.off('close', finish);
        if (failure) reject(failure);
        else resolve();
      };
      stream.once('close', finish);
      if (failure || stream.closed) finish();
      else start(finish);
    });
  return {
    write: (chunk) => settle((done) => stream.write(chunk, done)),
    end: () => settle(() => stream.end()),
    destroy: () => stream.destroy(),
  };
}

/** The internals of zlib streams that Node's own `gunzipSync` uses. */
interface Inflation {
  readonly _handle?: {
    writeSync?(
      flush: number,
      input: Buffer,
      from: number,
      length: number,
      output: Buffer,
      to: number,
      room: number,
    ): void;
  };
  /** Free bytes in the output, and unread bytes of the input. */
  readonly _writeState?: Uint32Array;
}

/**
 * Unpacks gzip on this thread, always into one buffer. Node's streams allocate a buffer for every chunk, and freeing those
 * takes as much time as inflating does; Node has no documented way to avoid that.
 *
 * @returns `undefined` if this version of Node has other internals
 */
function gunzipOnThisThread(what: string, take: (chunk: Buffer) => void): Unpacker | undefined {
  const stream: Gunzip & Inflation = createGunzip();
  const { _handle: handle, _writeState: state } = stream;
  if (typeof handle?.writeSync !== 'function' || state?.length !== 2) return undefined;
  // `stream.errored` is checked after each write.
  stream.on('error', () => {});
  const output = Buffer.allocUnsafeSlow(256 * 1024);
  let isDone = false;
  function inflate(input: Buffer, flush: number): void {
    for (let [left, room] = [input.length, 0]; room === 0 && !isDone; ) {
      handle?.writeSync?.(flush, input, input.length - left, left, output, 0, output.length);
      if (stream.errored) throw damagedGzip(what, stream.errored);
      [room = 0, left = 0] = state as Uint32Array;
      if (room < output.length) take(output.subarray(0, output.length - room));
      // Input is left after the last member: padding, which is ignored.
      isDone = room > 0 && left > 0;
    }
  }
  return {
    write: async (chunk) => inflate(chunk, constants.Z_NO_FLUSH),
    end: async () => inflate(Buffer.alloc(0), constants.Z_FINISH),
    destroy: () => stream.destroy(),
  };
}

function damagedGzip(what: string, cause: unknown): UserError {
  return badImage(`${what} is damaged: its gzip data is invalid or incomplete`, { cause });
}
