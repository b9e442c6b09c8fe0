import { badImage } from '../bad-image.ts';
import type { Image } from '../image.ts';
import type { Platform } from '../platform.ts';
import { openArchive } from './archive.ts';
import { openStoredImage } from './stored-image.ts';

/**
 * Opens an image of a tar archive: an archived OCI layout, or the output of `docker save`.
 *
 * @throws UserError `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, as `openArchive`
 */
export async function openArchiveImage(
  file: string,
  name: string | undefined,
  options: { readonly platform: Platform; readonly signal: AbortSignal; readonly report?: (progress: string) => void },
): Promise<Image> {
  const store = await openArchive(file, options);
  try {
    const sizes = await Promise.all(['index.json', 'manifest.json'].map((each) => store.sizeOf(each)));
    if (sizes.some((size) => size !== undefined)) return await openStoredImage(store, name, options.platform);
    throw badImage(`${file} is not an image archive: it has neither index.json nor manifest.json`, {
      suggestions: ['docker save -o FILE IMAGE', 'skopeo copy docker://IMAGE oci-archive:FILE'],
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}
