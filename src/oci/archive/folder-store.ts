import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../../files/read.ts';
import { badImage } from '../bad-image.ts';
import type { Store } from './store.ts';

/** Returns a directory as a store of its files. @param what it is, for errors: `OCI layout` */
export function folderStore(folder: string, what: string): Store {
  const sizeOf = async (file: string) => {
    const stats = await stat(path.join(folder, file)).catch(() => undefined);
    // Reading a pipe among the blobs would hang.
    return stats?.isFile() ? stats.size : undefined;
  };
  const requireSize = async (file: string) => {
    const size = await sizeOf(file);
    if (size === undefined) throw badImage(`${folder} is not a complete ${what}: it has no ${file}`);
    return size;
  };
  return {
    name: folder,
    path: folder,
    sizeOf,
    async read(file, limit) {
      if ((await requireSize(file)) > limit) throw badImage(`${folder}: ${file} has more than ${limit} bytes`);
      return readWhole(path.join(folder, file));
    },
    async open(file, signal) {
      await requireSize(file);
      return createReadStream(path.join(folder, file), { signal, highWaterMark: 256 * 1024 });
    },
    async close() {},
  };
}
