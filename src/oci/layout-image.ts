import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfThere } from '../files/read.ts';
import { badImage } from './bad-image.ts';
import type { Image } from './image.ts';
import type { Platform } from './platform.ts';
import { openStoredImage, type Store } from './stored-image.ts';

/** An image of an OCI layout folder. @throws UserError as `openStoredImage`, `SPACECTL_CANNOT_READ` */
export function openLayoutImage(folder: string, name: string | undefined, platform: Platform): Promise<Image> {
  return openStoredImage(folderStore(folder), name, platform);
}

function folderStore(folder: string): Store {
  const sizeOf = async (file: string) => (await stat(path.join(folder, file)).catch(() => undefined))?.size;
  return {
    name: folder,
    sizeOf,
    async read(file, limit) {
      if (((await sizeOf(file)) ?? 0) > limit) throw badImage(`${folder}: ${file} is larger than ${limit} bytes`);
      const bytes = await readFileIfThere(path.join(folder, file));
      if (bytes) return bytes;
      throw badImage(`${folder} has no ${file}: it is not a whole OCI layout`);
    },
    async open(file, signal) {
      if ((await sizeOf(file)) === undefined) throw badImage(`${folder} has no ${file}: it is not a whole OCI layout`);
      return createReadStream(path.join(folder, file), { signal, highWaterMark: 256 * 1024 });
    },
    async close() {},
  };
}
