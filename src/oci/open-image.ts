import type { Examined, Image, ImageFile } from './image.ts';
import type { ImageLocation, LocationKind } from './location.ts';
import type { ExamineOptions, OpenImage } from './readable-image.ts';
import type { ImageOptions } from './registry/image.ts';

/** Options for reaching an image; most of them are for registries. */
export interface OpenOptions extends ImageOptions {
  /** Whether an engine may pull an image that it does not have. Default: true. */
  readonly mayPull?: boolean;
}

/**
 * Opens an image wherever it is stored: reads manifests, and no layer yet. The caller closes it.
 *
 * @throws UserError as `openRegistryImage`; `SPACECTL_CANNOT_READ`, `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED`
 */
export async function openImage(location: ImageLocation, options: OpenOptions): Promise<OpenImage> {
  switch (location.kind) {
    case 'registry': {
      const { openRegistryImage } = await import('./registry/image.ts');
      return readable(await openRegistryImage(location.reference, options), location.kind);
    }
    case 'archive': {
      const { openArchiveImage } = await import('./archive/archive-image.ts');
      return readable(await openArchiveImage(location, options), location.kind);
    }
    case 'oci-layout': {
      const { openLayoutImage } = await import('./archive/layout-image.ts');
      return readable(await openLayoutImage(location.path, location.name, options.platform), location.kind);
    }
    case 'dir': {
      const { openDirImage } = await import('./archive/dir-image.ts');
      return readable(await openDirImage(location.path, location.name, options.platform), location.kind);
    }
    default: {
      const { openEngineImage } = await import('./engine/image.ts');
      return openEngineImage(location, location.kind, options);
    }
  }
}

/** Makes an image with layers readable: files are looked up in the layers, or in the cache. */
function readable(image: Image, source: LocationKind): OpenImage {
  const { layers: _, environment, ...rest } = image;
  async function examine(paths: readonly string[], options: ExamineOptions): Promise<Examined> {
    const { isFirstEnough, isThorough, isOptional, isFast, questions } = options;
    const query = JSON.stringify([paths, isFirstEnough, isThorough, isOptional, questions]);
    const known = await options.cache?.loadExamined(image, query);
    if (known) return known;
    const { examineImage } = await import('./read-file.ts');
    const examined = await examineImage(image, paths, options);
    // Without `isFast`, more may be found out.
    if (!isFast || !questions || examined.examination.isComplete)
      await options.cache?.saveExamined(image, query, examined);
    return examined;
  }
  return {
    ...rest,
    source,
    environment: async () => environment?.(),
    examine,
    async readFirstFile(paths, options) {
      const { files } = await examine(paths, { ...options, isFirstEnough: true });
      return files[0] as ImageFile;
    },
  };
}
