import type { Platform } from './platform.ts';

/** One layer of an image, as it is stored: a tar archive, compressed or not. */
export interface Layer {
  /** Of the stored bytes, `sha256:…`; of what they unpack to, where only that is known (archives of `docker save`). */
  readonly digest: string;
  readonly digestIsOf?: 'unpacked';
  /** Of the stored bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** Whether the image says that it was written by BuildKit, which writes names in order. */
  readonly isInOrder?: boolean;
  /** The stored bytes, in pieces that are the reader's own. Nothing is checked yet: whoever reads them does that. */
  open(signal: AbortSignal, mode?: ReadMode): Promise<AsyncIterable<Buffer>>;
}

/** How much of a layer is likely to be read: `whole`, or as little as possible, so that no more than that is asked for. */
export type ReadMode = 'whole' | 'beginning';

/** An image for one platform, wherever it is. */
export interface Image {
  /** For people: the reference or path it was asked for by. */
  readonly reference: string;
  /** Digest of the index it was chosen from, if there is one. */
  readonly indexDigest?: string;
  /** Not there in archives of old versions of Docker, which have no manifest. */
  readonly manifestDigest?: string;
  /** Digest of the image's configuration, where that is what the image is known by. */
  readonly imageId?: string;
  readonly platform: Platform;
  /** Bottom first. */
  readonly layers: readonly Layer[];
  close(): Promise<void> | void;
}

/** A file read out of an image. */
export interface ImageFile {
  /** The path that was asked for. */
  readonly path: string;
  /** Where it leads, once links are followed: absolute. */
  readonly resolvedPath: string;
  readonly bytes: Buffer;
  /** Digest of the layer that holds the bytes; engines do not say. */
  readonly layer?: string;
  /** Digests of all layers that were read; each was read to its end and is what its digest says. */
  readonly verifiedLayers: readonly string[];
  /** Digests of layers of which only the beginning was read, and nothing is verified. */
  readonly unverifiedLayers: readonly string[];
}

/** Says what is going on; `passing`: the next word replaces it, and nobody misses it. */
export type Report = (progress: string, kind?: 'passing') => void;
