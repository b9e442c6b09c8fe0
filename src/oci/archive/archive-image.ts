import type { ReadableFile } from '../../files/read.ts';
import { badImage } from '../bad-image.ts';
import type { Image } from '../image.ts';
import type { Platform } from '../platform.ts';
import { openArchive } from './archive.ts';
import { openRootImage } from './root-image.ts';
import { openStoredImage } from './stored-image.ts';
import { type ArchiveOptions, archiveName, openUnpacked } from './unpacked-file.ts';

/** An archive, and which of its images. */
export interface ArchivedImage {
  /** `-` for standard input. */
  readonly path: string;
  readonly name?: string;
  /** The archive, if it is open already. It is closed with the image. */
  readonly file?: ReadableFile;
}

/**
 * Opens an image of a tar archive: an archived OCI layout, the output of `docker save`, or a root file system.
 *
 * @throws UserError `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`, as `openUnpacked`
 */
export async function openArchiveImage(
  { path, name, file }: ArchivedImage,
  { platform, ...options }: ArchiveOptions & { readonly platform: Platform },
): Promise<Image> {
  const archive = file ?? (await openUnpacked(path, options));
  try {
    const store = await openArchive(archive, path, options.signal);
    if (!store) return await openRootImage(archive, { path, ...(name && { name }) }, platform, options);
    const sizes = await Promise.all(['index.json', 'manifest.json'].map((each) => store.sizeOf(each)));
    if (sizes.some((size) => size !== undefined)) return await openStoredImage(store, name, platform);
    throw badImage(
      `${archiveName(path)} is neither an image archive (it has no index.json or manifest.json) nor a root file system (it has no etc or usr)`,
      {
        suggestions: [
          { command: 'docker save -o FILE IMAGE' },
          { command: 'skopeo copy docker://IMAGE oci-archive:FILE' },
        ],
      },
    );
  } catch (error) {
    await archive.close();
    throw error;
  }
}
