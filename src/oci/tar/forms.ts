import { compressionOf } from '../../core/compression.ts';
import { BLOCK, isZeroBlock, readHeader } from './header.ts';

/** How many bytes show what a file is. */
export const START_LENGTH = BLOCK;

/** Reports whether data starts like data that `unpackerFor` can unpack. */
export function isUnpackable(start: Buffer): boolean {
  return ['gzip', 'zstd', 'xz'].includes(compressionOf(start) ?? '');
}

/** Reports whether data starts like a tar archive: with a header, of which even the oldest have a checksum. */
export function isTar(start: Buffer): boolean {
  if (start.length < BLOCK || isZeroBlock(start)) return false;
  try {
    readHeader(start.subarray(0, BLOCK));
    return true;
  } catch {
    return false;
  }
}
