import path from 'node:path';
import { readWhole } from '../files/read.ts';
import { failedStatus, type HttpClient, readBody } from '../http/index.ts';
import { download } from './download.ts';

/** Where a launcher and the files that vouch for it come from. */
export interface Source {
  /** A file's place, for people: a URL or a path. */
  placeOf(name: string): string;
  /** A small file: checksums, a signature. */
  readSmall(name: string): Promise<Buffer>;
  /** A file of known SHA-256 (hexadecimal), on its way to `target`. */
  readLarge(name: string, digest: string, target: string): Promise<Buffer>;
}

/** A download host. */
export function webSource(base: string, client: HttpClient, signal: AbortSignal): Source {
  const placeOf = (name: string) => `${base}/${name}`;
  return {
    placeOf,
    async readSmall(name) {
      const response = await client.request({ url: placeOf(name), signal });
      if (response.status === 200) return readBody(response, { limit: 1024 * 1024 });
      response.body.destroy();
      throw failedStatus(response, name);
    },
    readLarge: (name, digest, target) => download({ url: placeOf(name), name, digest, target, client, signal }),
  };
}

/** A folder that the files were carried to. */
export function folderSource(folder: string): Source {
  const placeOf = (name: string) => path.join(folder, name);
  return { placeOf, readSmall: (name) => readWhole(placeOf(name)), readLarge: (name) => readWhole(placeOf(name)) };
}
