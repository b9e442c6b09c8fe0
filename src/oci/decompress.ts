import { createGunzip } from 'node:zlib';
import { UserError } from '../step/errors.ts';
import { badImage } from './bad-image.ts';
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
 * @param take gets what comes out; what it throws, `write` and `end` throw
 */
export function unpackerFor(start: Buffer, what: string, take: (chunk: Buffer) => void): Unpacker {
  if (start[0] === 0x1f && start[1] === 0x8b) return gunzip(what, take);
  const isSkippableFrame = start.length >= 4 && (start.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50;
  if (isSkippableFrame || start.subarray(0, 4).equals(ZSTD)) return unzstd(what, take);
  return { write: async (chunk) => take(chunk), end: async () => {}, destroy() {} };
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

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

/** Any number of gzip members one after the other, as pigz and eStargz write them. */
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
    failure ??= badImage(`${what} is damaged: it is not whole gzip data`, { cause });
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
