import type { Image, ImageFile, Report } from './image.ts';
import type { LayerCache } from './layers/cache.ts';
import type { LocationKind } from './location.ts';

/** An image to read files from, whether or not its layers are accessible. */
export interface OpenImage extends Omit<Image, 'layers'> {
  readonly source: LocationKind;
  /**
   * Reads the first of some paths that leads to a regular file that is not empty. Links are followed.
   * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; as reading the image's layers
   */
  readFirstFile(paths: readonly string[], options: ReadOptions): Promise<ImageFile>;
  /** Reads all of the paths that lead to such a file. */
  readFiles(paths: readonly string[], options: ReadOptions): Promise<readonly ImageFile[]>;
}

/** How files are read from an image. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly report?: Report;
  /**
   * Whether to stop reading a layer with ordered names once the rest of it cannot matter, which is before its digest can
   * be verified.
   */
  readonly isFast?: boolean;
  /** Earlier layer scans. */
  readonly cache?: LayerCache;
}
