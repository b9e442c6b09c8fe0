import { startFilter } from '../../programs/index.ts';
import { badImage } from '../bad-image.ts';
import type { Unpacker } from './unpacker.ts';

/** Memory for a decoder; `xz -9` needs 65 MiB, and a larger dictionary would only be there to exhaust the machine. */
const MEMORY_LIMIT = '256MiB';

/**
 * Unpacks xz data with the program `xz`, as Docker does (moby/go-archive, compression.go). A decoder in WebAssembly
 * (xz-decompress 0.2.3) took 2.4 s of processor time for what takes `xz` 1.4 s, and reads only the first of several streams.
 */
export function unxz(what: string, take: (chunk: Buffer) => void): Unpacker {
  const filter = startFilter(
    'xz',
    ['--decompress', '--stdout', '--quiet', `--memlimit-decompress=${MEMORY_LIMIT}`],
    take,
  );
  return {
    write: (chunk) => filter.write(chunk),
    async end() {
      if ((await filter.end()) !== 0) throw badImage(`${what} is damaged: its xz data is invalid or incomplete`);
    },
    destroy: () => filter.destroy(),
  };
}
