import type { Readable } from 'node:stream';
import type { Platform } from './platform.ts';

/** One layer of an image, as it is stored: a tar archive, compressed or not. */
export interface Layer {
  /** Of the stored bytes: `sha256:…`. */
  readonly digest: string;
  /** Of the stored bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** The stored bytes. Nothing is checked yet: whoever reads them does that. */
  open(signal: AbortSignal): Promise<Readable>;
}

/** An image for one platform, wherever it is. */
export interface Image {
  /** For people: the reference or path it was asked for by. */
  readonly reference: string;
  /** Digest of the index it was chosen from, if there is one. */
  readonly indexDigest?: string;
  readonly manifestDigest: string;
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
  /** Digest of the layer that holds the bytes. */
  readonly layer: string;
  /** Digests of all layers that were read; each was read to its end and is what its digest says. */
  readonly verifiedLayers: readonly string[];
}
