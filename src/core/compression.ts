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
