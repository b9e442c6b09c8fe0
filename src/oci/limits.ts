/** Limits far above what real images need. An image that exceeds one is an error, before it exhausts the machine. */
export const LIMITS = {
  /** Layers of an image; overlay file systems allow 128 to 500. */
  layers: 512,
  /** Bytes of a manifest or index (distribution-spec). */
  manifestBytes: 4 * 1024 * 1024,
  /** Levels of indexes within indexes. */
  indexDepth: 4,
  /** Entries of one layer. */
  entries: 2_000_000,
  /** Bytes of one name; PATH_MAX of Linux. */
  nameBytes: 4096,
  /** Characters of all names kept from one layer. */
  keptNames: 64 * 1024 * 1024,
  /** Bytes of the file to read. */
  fileBytes: 32 * 1024 * 1024,
  /** Bytes of file contents kept because they may be the one to read. */
  keptBytes: 48 * 1024 * 1024,
  /** Bytes that a layer may unpack to: the larger of this and its size times the ratio. */
  unpackedBytes: 4 * 1024 ** 3,
  unpackedRatio: 100,
  /** Symbolic links in one lookup, as in Linux. */
  links: 40,
  /** How often layers are read again because a link leads to a name that was not scanned for. */
  rereads: 10,
  /** Path components visited while layers are applied. */
  steps: 100_000_000,
} as const;
