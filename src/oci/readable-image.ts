import type { Questions } from './examination.ts';
import type { Environment, Examined, Image, ImageFile, Report } from './image.ts';
import type { LayerCache } from './layers/cache.ts';
import type { LocationKind } from './location.ts';

/** An image to read files from, whether or not its layers are accessible. */
export interface OpenImage extends Omit<Image, 'layers' | 'environment'> {
  readonly source: LocationKind;
  /**
   * Reads the first of some paths that leads to a regular file that is not empty. Links are followed.
   * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; as reading the image's layers
   */
  readFirstFile(paths: readonly string[], options: ReadOptions): Promise<ImageFile>;
  /**
   * Reads such files, and answers questions about the image.
   * @throws UserError as `readFirstFile`
   */
  examine(paths: readonly string[], options: ExamineOptions): Promise<Examined>;
  /** Reads the environment variables that containers of the image start with; `undefined` if nothing says which. */
  environment(): Promise<Environment | undefined>;
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

/** How an image is examined. */
export interface ExamineOptions extends ReadOptions {
  /** Whether the first file that is found is enough. */
  readonly isFirstEnough?: boolean;
  /** What to find out besides the files. */
  readonly questions?: Questions;
  /**
   * Whether to read all layers to answer the questions. By default, the layers below those that are needed are read only
   * where they are a small part of the image.
   */
  readonly isThorough?: boolean;
  /** Whether an image without any of the files is no error. */
  readonly isOptional?: boolean;
}
