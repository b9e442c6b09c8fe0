import type { ArchiveOptions, StreamContent } from './archive/unpacked-file.ts';
import type { Image, ImageFile } from './image.ts';
import type { LayerCache } from './layers/cache.ts';
import type { ImageReference } from './reference.ts';
import type { RegistryOptions } from './registry/connect.ts';
import type { ImageOptions } from './registry/image.ts';

/**
 * Asks a registry for the digest of a reference, index or manifest, with a single HEAD request once logged in, where the
 * registry answers those. `undefined` if the image does not exist (any more).
 *
 * @throws UserError `SPACECTL_UNREACHABLE`, `SPACECTL_NOT_ALLOWED`
 */
export async function headManifest(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ readonly digest: string } | undefined> {
  const machinery = await import('./registry/manifest.ts');
  return machinery.headManifest(reference, options);
}

/**
 * Opens an image in its registry: reads its index and manifest, and no layer yet. The caller closes it.
 *
 * @throws UserError `SPACECTL_NO_IMAGE` if the image or the platform does not exist; `SPACECTL_UNREACHABLE`,
 *   `SPACECTL_NOT_ALLOWED`, `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_BAD_IMAGE`; `SPACECTL_BAD_ANSWERS` for a malformed
 *   `config.json` of Docker
 */
export async function openRegistryImage(reference: ImageReference, options: ImageOptions): Promise<Image> {
  const machinery = await import('./registry/image.ts');
  return machinery.openRegistryImage(reference, options);
}

/**
 * Opens standard input (`-`) or a pipe, which can be read only once, and says whether it is an archive. It is copied to an
 * unnamed temporary file, and what is compressed is unpacked.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE`, `SPACECTL_CANNOT_READ`, `SPACECTL_CANNOT_WRITE` if the disk is full
 */
export async function openStream(path: string, options: ArchiveOptions): Promise<StreamContent> {
  const machinery = await import('./archive/unpacked-file.ts');
  return machinery.openStream(path, options);
}

/** Opens a directory of earlier layer scans: with it, only layers that are new are read. */
export async function layerCacheIn(folder: string): Promise<LayerCache> {
  const { LayerCache } = await import('./layers/cache.ts');
  return new LayerCache(folder);
}

/**
 * Reads the first of some paths that leads to a regular file that is not empty. Links are followed, through all layers.
 * Every layer that is needed is read to its end and checked against its digest before anything is returned.
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
