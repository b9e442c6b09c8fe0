/** What an honest image stays far below. Beyond it, the answer is an error and not a machine without memory. */
export const LIMITS = {
  /** Layers of an image; overlay file systems end at 128 to 500. */
  layers: 512,
  /** Bytes of a manifest or index, as in distribution-spec. */
  manifestBytes: 4 * 1024 * 1024,
  /** Indexes within indexes. */
  indexDepth: 4,
  /** Entries of one layer. */
  entries: 2_000_000,
  /** Bytes of one name; PATH_MAX of Linux. */
  nameBytes: 4096,
  /** Characters of all names kept of one layer. */
  keptNames: 64 * 1024 * 1024,
  /** Bytes of the file that is read out. */
  fileBytes: 32 * 1024 * 1024,
  /** Bytes of files that are kept on the chance that they are the one. */
  keptBytes: 48 * 1024 * 1024,
  /** How much a layer may unpack to: this, or so many times its size. */
  unpackedBytes: 4 * 1024 ** 3,
  unpackedRatio: 100,
  /** Symbolic links on the way to one file, as in Linux. */
  links: 40,
  /** How often layers are read again because a link leads where nobody looked. */
  rereads: 10,
  /** Path components looked at while layers are applied. */
  steps: 100_000_000,
} as const;
