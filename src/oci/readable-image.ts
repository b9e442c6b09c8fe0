import type { Image, ImageFile, Report } from './image.ts';
import type { LayerCache } from './layers/cache.ts';
import type { LocationKind } from './location.ts';

/** An image that can be asked for files, whether or not its layers can be had. */
export interface OpenImage extends Omit<Image, 'layers'> {
  readonly source: LocationKind;
  /**
   * Reads the first of some paths that leads to a plain file with something in it, following links.
   * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; what reading the image's layers throws
   */
  readFirstFile(paths: readonly string[], options: ReadOptions): Promise<ImageFile>;
  /** The same for all of the paths that lead to such a file. */
  readFiles(paths: readonly string[], options: ReadOptions): Promise<readonly ImageFile[]>;
}

/** How files are read out of an image. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly report?: Report;
  /**
   * Whether layers that are written in order may be left as soon as they can say no more, which is before their digest
   * can be verified.
   */
  readonly isFast?: boolean;
  /** What layers said at earlier times. */
  readonly cache?: LayerCache;
}
