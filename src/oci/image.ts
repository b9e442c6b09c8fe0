import type { Examination } from './examination.ts';
import type { Platform } from './platform.ts';

/** A layer of an image as it is stored: a tar archive, compressed or not. */
export interface Layer {
  /**
   * Of the stored bytes, `sha256:…`; of the unpacked bytes where only that is known (archives of `docker save`). What an
   * engine exports has the digest of its image: the engine has verified it, and nothing says what these bytes should be.
   */
  readonly digest: string;
  readonly digestIsOf?: 'unpacked' | 'image';
  /** Of the stored bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** Whether the image's history says that BuildKit wrote the layer; BuildKit writes names in order. */
  readonly isInOrder?: boolean;
  /** Opens the stored bytes, in chunks that the reader owns. They are not checked yet: the reader has to. */
  open(signal: AbortSignal, mode?: ReadMode): Promise<AsyncIterable<Buffer>>;
}

/** How much of a layer is likely to be read. `beginning` requests it in small ranges, as far as they are needed. */
export type ReadMode = 'whole' | 'beginning';

/** An image for one platform, wherever it is stored. */
export interface Image {
  /** For messages: the reference or path that was given. */
  readonly reference: string;
  /** Digest of the index that the image was chosen from, if any. */
  readonly indexDigest?: string;
  /** Missing in archives of old versions of Docker, which have no manifest. */
  readonly manifestDigest?: string;
  /** Digest of the image's configuration, where the image is identified by it. */
  readonly imageId?: string;
  readonly platform: Platform;
  /** Bottom first. */
  readonly layers: readonly Layer[];
  /** Reads the environment variables that containers of the image start with; `undefined` if nothing says which. */
  environment?(): Promise<Environment | undefined>;
  close(): Promise<void> | void;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** Files read from an image, and what else was found out about it. */
export interface Examined {
  readonly files: readonly ImageFile[];
  readonly examination: Examination;
}

/** A file read from an image. */
export interface ImageFile {
  /** The path that was requested. */
  readonly path: string;
  /** The absolute path after all links are resolved. */
  readonly resolvedPath: string;
  readonly bytes: Buffer;
  /** Digest of the layer that holds the bytes; unknown for images in a container engine. */
  readonly layer?: string;
  /** Digests of the layers that were read to their end and match their digest. */
  readonly verifiedLayers: readonly string[];
  /** Digests of the layers of which only the beginning was read: they are not verified. */
  readonly unverifiedLayers: readonly string[];
}

/** Reports progress. A `passing` line is replaced by the next one, and may be dropped. */
export type Report = (progress: string, kind?: 'passing') => void;
