import { constants, createGunzip, type Gunzip } from 'node:zlib';
import { compressionOf } from '../../core/compression.ts';
import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import type { ZstdDecoder } from './zstd.ts';

/** Takes stored bytes and hands on what they unpack to. */
export interface Unpacker {
  /** Resolves when the chunk is dealt with. */
  write(chunk: Buffer): Promise<void>;
  /** @throws UserError `SPACECTL_BAD_IMAGE` if the data breaks off */
  end(): Promise<void>;
  /** Gives up. */
  destroy(): void;
}

/** How many bytes `unpackerFor` has to see; fewer only where there are no more. */
export const MAGIC_LENGTH = 4;

/**
 * The unpacker for data that starts like this. The first bytes decide, not the media type: registries hold layers whose
 * media type says gzip and which are not.
 *
 * @param what names the layer in errors
 * @param take gets what comes out, which is valid only during the call; what it throws, `write` and `end` throw
 * @param mayBlock whether the thread has nothing else to do
 */
export function unpackerFor(
  start: Buffer,
  what: string,
  take: (chunk: Buffer) => void,
  { mayBlock = false }: { readonly mayBlock?: boolean } = {},
): Unpacker {
  const compression = compressionOf(start);
  if (compression === 'gzip') return (mayBlock && gunzipHere(what, take)) || gunzip(what, take);
  const isSkippableFrame = start.length >= 4 && (start.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;
  if (isSkippableFrame || compression === 'zstd') return unzstd(what, take);
  return { write: async (chunk) => take(chunk), end: async () => {}, destroy() {} };
}

/** Any number of zstd frames one after the other, and what zstd:chunked keeps between them. */
function unzstd(what: string, take: (chunk: Buffer) => void): Unpacker {
  let decoder: Promise<ZstdDecoder> | undefined;
  const damaged = (cause?: unknown) => badImage(`${what} is damaged: it is not whole zstd data`, { cause });
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

/** Any number of gzip members one after the other, as pigz and eStargz write them. On a thread of zlib's own. */
function gunzip(what: string, take: (chunk: Buffer) => void): Unpacker {
  // Just below the size from which each piece costs a mapping of fresh memory (mallopt(3), M_MMAP_THRESHOLD).
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
  /** Waits for an act to be done, or for the stream to break: then callbacks are not called any more. */
  const settle = (act: (done: () => void) => void) =>
    new Promise<void>((resolve, reject) => {
      const finish = () => {
        stream.off('close', finish);
        if (failure) reject(failure);
        else resolve();
      };
      stream.once('close', finish);
      if (failure || stream.closed) finish();
      else act(finish);
    });
  return {
    write: (chunk) => settle((done) => stream.write(chunk, done)),
    end: () => settle(() => stream.end()),
    destroy: () => stream.destroy(),
  };
}

/** What Node's own `gunzipSync` does its work with. */
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
  /** Bytes left of the output, and of the input. */
  readonly _writeState?: Uint32Array;
}

/**
 * The same on this thread, always into one buffer. Node's streams make a new one for every piece, and giving them back
 * costs as much time again as inflating does; it has no documented way to do without.
 *
 * @returns `undefined` if this version of Node does not work that way inside
 */
function gunzipHere(what: string, take: (chunk: Buffer) => void): Unpacker | undefined {
  const stream: Gunzip & Inflation = createGunzip();
  const { _handle: handle, _writeState: state } = stream;
  if (typeof handle?.writeSync !== 'function' || state?.length !== 2) return undefined;
  // What is wrong is looked up where it happens.
  stream.on('error', () => {});
  const output = Buffer.allocUnsafeSlow(256 * 1024);
  let isOver = false;
  function inflate(input: Buffer, flush: number): void {
    for (let [left, room] = [input.length, 0]; room === 0 && !isOver; ) {
      handle?.writeSync?.(flush, input, input.length - left, left, output, 0, output.length);
      if (stream.errored) throw damagedGzip(what, stream.errored);
      [room = 0, left = 0] = state as Uint32Array;
      if (room < output.length) take(output.subarray(0, output.length - room));
      // Zeros after the last member, which say nothing.
      isOver = room > 0 && left > 0;
    }
  }
  return {
    write: async (chunk) => inflate(chunk, constants.Z_NO_FLUSH),
    end: async () => inflate(Buffer.alloc(0), constants.Z_FINISH),
    destroy: () => stream.destroy(),
  };
}

function damagedGzip(what: string, cause: unknown): UserError {
  return badImage(`${what} is damaged: it is not whole gzip data`, { cause });
}
