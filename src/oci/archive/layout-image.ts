import type { Image } from '../image.ts';
import type { Platform } from '../platform.ts';
import { folderStore } from './folder-store.ts';
import { openStoredImage } from './stored-image.ts';

/** Opens an image of an OCI layout directory. @throws UserError as `openStoredImage`, `SPACECTL_CANNOT_READ` */
export function openLayoutImage(folder: string, name: string | undefined, platform: Platform): Promise<Image> {
  return openStoredImage(folderStore(folder, 'OCI layout'), name, platform);
}
