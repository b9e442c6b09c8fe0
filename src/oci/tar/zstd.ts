import { ZSTDDecoder } from 'zstddec/stream';

/** The functions of libzstd's decoder, compiled to WebAssembly; pointers are offsets in its memory. */
interface Library {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(pointer: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

/** Kept with zstddec, which loads once per process, even if this module is evaluated again. */
const loaded: typeof ZSTDDecoder & { library?: Library } = ZSTDDecoder;

/** Loads the library. Its own streaming does not take input in chunks, and does not detect damage. */
async function load(): Promise<Library> {
  class Loader extends ZSTDDecoder {
    override _init(result: Parameters<ZSTDDecoder['_init']>[0]): void {
      ZSTDDecoder.prototype._init.call(this, result);
      loaded.library = (result as { instance: { exports: unknown } }).instance.exports as Library;
    }
  }
  await new Loader().init();
  if (!loaded.library) throw new Error('The zstd decoder did not load');
  return loaded.library;
}

const CHUNK = 128 * 1024;
/** Return values from here on are errors: negative numbers as unsigned ones (zstd_errors.h). */
const FIRST_ERROR = 2 ** 32 - 120;

/** Decodes zstd data in chunks: any number of frames, with skippable ones; windows up to 128 MB, libzstd's own limit. */
export interface ZstdDecoder {
  /** Passes the decoded bytes to `take`; they are valid only during the call. @throws Error if the data is damaged */
  write(chunk: Uint8Array, take: (chunk: Buffer) => void): void;
  /** Whether the last frame is complete. */
  readonly isComplete: boolean;
  free(): void;
}

/** Creates a decoder, and loads the library when first called. */
export async function createZstdDecoder(): Promise<ZstdDecoder> {
  const library = await load();
  const context = library.ZSTD_createDCtx();
  const [input, output, structs] = [library.malloc(CHUNK), library.malloc(CHUNK), library.malloc(24)];
  let isComplete = false;
  let isFree = false;

  function writeChunk(part: Uint8Array, take: (chunk: Buffer) => void): void {
    new Uint8Array(library.memory.buffer).set(part, input);
    // struct { void* start; size_t size; size_t position; }, for input and output: zstd.h, ZSTD_inBuffer.
    new Uint32Array(library.memory.buffer, structs, 3).set([input, part.length, 0]);
    for (let isFull = true, consumed = 0; consumed < part.length || isFull; ) {
      new Uint32Array(library.memory.buffer, structs + 12, 3).set([output, CHUNK, 0]);
      const left = library.ZSTD_decompressStream(context, structs + 12, structs) >>> 0;
      if (left >= FIRST_ERROR) throw new Error(`zstd error ${2 ** 32 - left}`);
      const [, , read = 0, , , written = 0] = new Uint32Array(library.memory.buffer, structs, 6);
      // Called after the end of a frame, it returns the size of the next frame's header.
      if (read > consumed || written > 0) isComplete = left === 0;
      if (written === 0 && read === consumed) return;
      [isFull, consumed] = [written === CHUNK, read];
      take(Buffer.from(library.memory.buffer, output, written));
    }
  }

  return {
    write(chunk, take) {
      for (let at = 0; at < chunk.length; at += CHUNK) writeChunk(chunk.subarray(at, at + CHUNK), take);
    },
    get isComplete() {
      return isComplete;
    },
    free() {
      if (isFree) return;
      isFree = true;
      library.ZSTD_freeDCtx(context);
      for (const pointer of [input, output, structs]) library.free(pointer);
    },
  };
}
