import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../../files/read.ts';
import { badImage } from '../bad-image.ts';
import type { Image } from '../image.ts';
import type { Platform } from '../platform.ts';
import { openStoredImage, type Store } from './stored-image.ts';

/** An image of an OCI layout folder. @throws UserError as `openStoredImage`, `SPACECTL_CANNOT_READ` */
export function openLayoutImage(folder: string, name: string | undefined, platform: Platform): Promise<Image> {
  return openStoredImage(folderStore(folder), name, platform);
}

function folderStore(folder: string): Store {
  const sizeOf = async (file: string) => {
    const stats = await stat(path.join(folder, file)).catch(() => undefined);
    // A pipe among the blobs would be waited for.
    return stats?.isFile() ? stats.size : undefined;
  };
  const sizeThere = async (file: string) => {
    const size = await sizeOf(file);
    if (size === undefined) throw badImage(`${folder} has no ${file}: it is not a whole OCI layout`);
    return size;
  };
  return {
    name: folder,
    sizeOf,
    async read(file, limit) {
      if ((await sizeThere(file)) > limit) throw badImage(`${folder}: ${file} is larger than ${limit} bytes`);
      return readWhole(path.join(folder, file));
    },
    async open(file, signal) {
      await sizeThere(file);
      return createReadStream(path.join(folder, file), { signal, highWaterMark: 256 * 1024 });
    },
    async close() {},
  };
}
