import type { Image, ImageFile } from './image.ts';
import type { LayerCache } from './layers/cache.ts';
import type { ImageReference } from './reference.ts';
import type { RegistryOptions } from './registry/connect.ts';
import type { ImageOptions } from './registry/image.ts';

/**
 * Asks a registry for the digest of what a reference stands for, index or manifest, with a single HEAD request once
 * logged in. `undefined` if the image is not there (any more).
 *
 * @throws UserError `SPACECTL_UNREACHABLE`, `SPACECTL_NOT_ALLOWED`
 */
export async function headManifest(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ readonly digest: string } | undefined> {
  const machinery = await import('./registry/image.ts');
  return machinery.headManifest(reference, options);
}

/**
 * Finds an image in its registry: reads its index and manifest, and no layer yet. To be closed when done.
 *
 * @throws UserError `SPACECTL_NO_IMAGE` if there is no such image or platform; `SPACECTL_UNREACHABLE`,
 *   `SPACECTL_NOT_ALLOWED`, `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_BAD_IMAGE`; `SPACECTL_BAD_ANSWERS` for a broken
 *   `config.json` of Docker
 */
export async function openRegistryImage(reference: ImageReference, options: ImageOptions): Promise<Image> {
  const machinery = await import('./registry/image.ts');
  return machinery.openRegistryImage(reference, options);
}

/** What layers said at earlier times, kept in a folder: rebuilding reads only layers that are new. */
export async function layerCacheIn(folder: string): Promise<LayerCache> {
  const { LayerCache } = await import('./layers/cache.ts');
  return new LayerCache(folder);
}

/**
 * Reads the first of some paths that leads to a plain file with something in it, following links, through all layers.
 * Every layer that is read is read to its end and checked against its digest before anything is returned.
 *
 * @throws UserError `SPACECTL_NO_BUNDLE` if no path does; `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`,
 *   `SPACECTL_UNREACHABLE`, `SPACECTL_NOT_ALLOWED`
 */
export async function readFirstFile(
  image: Image,
  paths: readonly string[],
  options: { readonly signal: AbortSignal; readonly report?: (progress: string) => void },
): Promise<ImageFile> {
  const machinery = await import('./read-file.ts');
  return machinery.readFirstFile(image, paths, options);
}
