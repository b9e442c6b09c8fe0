import path from 'node:path';
import { readWhole } from '../files/read.ts';
import { describeFailure, type HttpClient, readBody } from '../http/index.ts';
import type { Report } from '../step/content.ts';
import { download } from './download.ts';

/** Where a launcher, its checksums and their signature come from. */
export interface Source {
  /** Returns the URL or path of a file, for messages. */
  locationOf(name: string): string;
  /** Reads a small file: checksums, a signature. */
  readSmall(name: string): Promise<Buffer>;
  /** Reads a file with a known SHA-256 (hexadecimal). A partial download is kept next to `target`. */
  readLarge(name: string, digest: string, target: string, report: Report): Promise<Buffer>;
}

/** Creates a source that downloads files. */
export function webSource(base: string, client: HttpClient, signal: AbortSignal): Source {
  const locationOf = (name: string) => `${base}/${name}`;
  return {
    locationOf,
    async readSmall(name) {
      const response = await client.request({ url: locationOf(name), signal });
      if (response.status === 200) return readBody(response, { limit: 1024 * 1024 });
      throw await describeFailure(response, name);
    },
    readLarge: (name, digest, target, report) =>
      download({ url: locationOf(name), name, digest, target, client, signal, report }),
  };
}

/** Creates a source that reads files from a directory. */
export function folderSource(folder: string): Source {
  const locationOf = (name: string) => path.join(folder, name);
  return {
    locationOf,
    readSmall: (name) => readWhole(locationOf(name)),
    readLarge: (name) => readWhole(locationOf(name)),
  };
}
