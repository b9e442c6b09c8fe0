import type { Image, OpenImage } from './image.ts';
import type { ImageLocation, LocationKind } from './location.ts';
import type { ImageOptions } from './registry-image.ts';

/** What is needed to reach an image; registries need most of it. */
export interface OpenOptions extends ImageOptions {
  /** Whether an engine may pull an image it does not have; if left out, it may. */
  readonly mayPull?: boolean;
}

/** See `index.ts`. */
export async function openImage(location: ImageLocation, options: OpenOptions): Promise<OpenImage> {
  switch (location.kind) {
    case 'registry': {
      const { openRegistryImage } = await import('./registry-image.ts');
      return readable(await openRegistryImage(location.reference, options), location.kind);
    }
    case 'archive': {
      const { openArchiveImage } = await import('./archive-image.ts');
      return readable(await openArchiveImage(location.path, location.name, options), location.kind);
    }
    case 'oci-layout': {
      const { openLayoutImage } = await import('./layout-image.ts');
      return readable(await openLayoutImage(location.path, location.name, options.platform), location.kind);
    }
    default: {
      const { openEngineImage } = await import('./engine-image.ts');
      return openEngineImage(location.reference, location.kind, options);
    }
  }
}

/** An image whose layers can be had: files are looked up in them. */
function readable(image: Image, source: LocationKind): OpenImage {
  const { layers: _, ...rest } = image;
  return {
    ...rest,
    source,
    async readFirstFile(paths, options) {
      const { readFirstFile } = await import('./read-file.ts');
      return readFirstFile(image, paths, options);
    },
    async readFiles(paths, options) {
      const { readFiles } = await import('./read-file.ts');
      return readFiles(image, paths, options);
    },
  };
}
