import { badImage } from '../bad-image.ts';

/** One 512-byte header as it stands, before extension headers are applied. */
export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  /** Type flag; `'\0'` is that of files, and of directories if the name ends in `/`, in archives before POSIX. */
  readonly flag: string;
  readonly size: number;
  /** Whether the content has holes, which are not stored. */
  readonly isSparse: boolean;
  /** Whether another block with a map of them follows (GNU type `S`). */
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
  const flag = String.fromCharCode(block[156] as number);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    linkName: readText(block, 157, 100),
    flag,
    size: readNumber(block, 124, 12),
    isSparse: flag === 'S',
    hasSparseExtension: flag === 'S' && block[482] === 1,
  };
}

/** Text of a field: up to the first NUL. */
export function readText(block: Buffer, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return end === offset ? '' : block.toString('utf8', offset, end);
}

/** The directory part that long names are split into; in GNU's format other fields are in its place. */
function readPrefix(block: Buffer): string {
  if (block[345] === 0) return '';
  if (holds(block, 257, 'ustar\0')) return readText(block, 345, holds(block, 508, 'tar\0') ? 131 : 155);
  if (!holds(block, 257, 'ustar  \0')) return '';
  // Go wrote names there in GNU archives until 1.9; elsewhere these are two times, in octal.
  return isNumber(block, 345) && isNumber(block, 357) ? '' : readText(block, 345, 155);
}

function holds(block: Buffer, offset: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (block[offset + index] !== text.charCodeAt(index)) return false;
  }
  return true;
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
  let sum = 8 * BLANK;
  for (let index = 0; index < 148; index++) sum += block[index] as number;
  for (let index = 156; index < BLOCK; index++) sum += block[index] as number;
  if (stored !== sum && stored !== sum - 256 * countNegative(block)) {
    throw badImage('A layer is not a tar archive, or is damaged: bad header');
  }
}

/** How many of the bytes that are summed would be below zero if they were signed. */
function countNegative(block: Buffer): number {
  return block.filter((byte, index) => byte > 127 && (index < 148 || index >= 156)).length;
}

const BLANK = 0x20;

/** Octal text, or GNU's base-256 if the highest bit is set. Blanks and NULs may surround it; a NUL ends it. */
function readNumber(block: Buffer, offset: number, length: number): number {
  if ((block[offset] as number) & 0x80) return readBase256(block.subarray(offset, offset + length));
  const end = offset + length;
  let at = afterBlanks(block, offset, end);
  let value = 0;
  for (; at < end; at++) {
    const digit = (block[at] as number) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  if (at === end || block[at] === 0 || afterBlanks(block, at, end) === end) return value;
  throw badImage('A layer is not a tar archive, or is damaged: bad number in a header');
}

function afterBlanks(block: Buffer, offset: number, end: number): number {
  let at = offset;
  while (at < end && (block[at] === BLANK || block[at] === 0)) at++;
  return at;
}

function readBase256(field: Buffer): number {
  const isNegative = ((field[0] ?? 0) & 0x40) !== 0;
  let value = (field[0] ?? 0) & 0x3f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  if (isNegative || !Number.isSafeInteger(value)) throw badImage('A layer holds a file of an absurd size');
  return value;
}
