import { gzipSync, type ZlibOptions } from 'node:zlib';

/** The first bytes of compressed files and archives (RFC 1952, RFC 8878, and the formats' own descriptions). */
const MAGIC = {
  gzip: '1f8b',
  zstd: '28b52ffd',
  zip: '504b0304',
  bzip2: '425a68',
  xz: 'fd377a585a00',
} as const;

export type Compression = keyof typeof MAGIC;

/** Tells by its first bytes how a file is compressed; `undefined` if it is not, or in another way. */
export function compressionOf(bytes: Uint8Array): Compression | undefined {
  const start = Buffer.from(bytes.subarray(0, 6)).toString('hex');
  return (Object.keys(MAGIC) as Compression[]).find((name) => start.startsWith(MAGIC[name]));
}

/** The byte of a gzip header that names the system it was made on, and what stands for Unix (RFC 1952, 2.3). */
const SYSTEM_BYTE = 9;
const UNIX = 3;

/**
 * Compresses data as far as gzip can. The same data gives the same bytes on every system: the header has no time, and zlib
 * would write the number of this system into it.
 */
export function gzip(bytes: Uint8Array, options: Pick<ZlibOptions, 'memLevel'> = {}): Buffer {
  const packed = gzipSync(bytes, { level: 9, ...options });
  packed[SYSTEM_BYTE] = UNIX;
  return packed;
}
