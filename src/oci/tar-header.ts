import { badImage } from './bad-image.ts';

/** One 512-byte header as it stands, before extension headers are applied. */
export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  /** Type flag; `'\0'` is that of files, and of directories if the name ends in `/`, in archives before POSIX. */
  readonly flag: string;
  readonly size: number;
  /** Whether another block with a sparse map follows (GNU type `S`). */
  readonly hasSparseExtension: boolean;
}

export const BLOCK = 512;

/** Whether a block is all zero: two of those end an archive. */
export function isZeroBlock(block: Buffer): boolean {
  for (let index = 0; index < BLOCK; index++) if (block[index] !== 0) return false;
  return true;
}

/**
 * Reads a header the way Go's archive/tar does, which is what container engines apply layers with: V7, ustar, star, GNU.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export function readHeader(block: Buffer): TarHeader {
  verifyChecksum(block);
  const prefix = readPrefix(block);
  const name = readText(block, 0, 100);
  const flag = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    linkName: readText(block, 157, 100),
    flag,
    size: readNumber(block, 124, 12),
    hasSparseExtension: flag === 'S' && block[482] === 1,
  };
}

/** Text of a field: up to the first NUL. */
export function readText(block: Buffer, offset: number, length: number): string {
  const end = block.indexOf(0, offset);
  return block.toString('utf8', offset, end < 0 || end > offset + length ? offset + length : end);
}

/** The directory part that long names are split into; in GNU's format other fields are in its place. */
function readPrefix(block: Buffer): string {
  const magic = block.toString('latin1', 257, 265);
  if (magic.startsWith('ustar\0')) {
    const isStar = block.toString('latin1', 508, 512) === 'tar\0';
    return readText(block, 345, isStar ? 131 : 155);
  }
  if (magic !== 'ustar  \0' || block[345] === 0) return '';
  // Go wrote names there in GNU archives until 1.9; elsewhere these are two times, in octal.
  return isNumber(block, 345) && isNumber(block, 357) ? '' : readText(block, 345, 155);
}

function isNumber(block: Buffer, offset: number): boolean {
  try {
    readNumber(block, offset, 12);
    return true;
  } catch {
    return false;
  }
}

/** The sum of all bytes with its own field as blanks; some old archives sum signed bytes. */
function verifyChecksum(block: Buffer): void {
  const stored = readNumber(block, 148, 8);
  let [unsigned, signed] = [0, 0];
  for (let index = 0; index < BLOCK; index++) {
    const byte = index >= 148 && index < 156 ? 32 : (block[index] ?? 0);
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  if (stored !== unsigned && stored !== signed)
    throw badImage('A layer is not a tar archive, or is damaged: bad header');
}

/** Octal text, or GNU's base-256 if the highest bit is set. */
function readNumber(block: Buffer, offset: number, length: number): number {
  if ((block[offset] ?? 0) & 0x80) return readBase256(block.subarray(offset, offset + length));
  const text = block.toString('latin1', offset, offset + length).replace(/^[ \0]+|[ \0]+$/g, '');
  const digits = text.split('\0')[0] ?? '';
  if (!/^[0-7]*$/.test(digits)) throw badImage('A layer is not a tar archive, or is damaged: bad number in a header');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function readBase256(field: Buffer): number {
  const isNegative = ((field[0] ?? 0) & 0x40) !== 0;
  let value = (field[0] ?? 0) & 0x3f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  if (isNegative || !Number.isSafeInteger(value)) throw badImage('A layer holds a file of an absurd size');
  return value;
}
