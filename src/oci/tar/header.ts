import { badImage } from '../bad-image.ts';

/** A 512-byte header, before extension headers are applied. */
export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  /** Type flag; before POSIX, `'\0'` was that of files, and of directories if the name ends in `/`. */
  readonly flag: string;
  readonly size: number;
  /** Whether the content has holes, which are not stored. */
  readonly isSparse: boolean;
  /** Whether another block with the map of the holes follows (GNU type `S`). */
  readonly hasSparseExtension: boolean;
}

/** Bytes of a block. */
export const BLOCK = 512;

/** Reports whether a block is all zeros; two of those end an archive. */
export function isZeroBlock(block: Buffer): boolean {
  for (let index = 0; index < BLOCK; index++) if (block[index] !== 0) return false;
  return true;
}

/**
 * Reads a header as Go's archive/tar does, which container engines use to apply layers: V7, ustar, star, GNU.
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

/** Reads the text of a field, up to the first NUL: one character per byte, because a name may be in any encoding. */
export function readText(block: Buffer, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && block[end] !== 0) end++;
  return end === offset ? '' : block.toString('latin1', offset, end);
}

/** Reads the directory part of a long name; in GNU's format other fields are in its place. */
function readPrefix(block: Buffer): string {
  if (block[345] === 0) return '';
  if (holds(block, 257, 'ustar\0')) return readText(block, 345, holds(block, 508, 'tar\0') ? 131 : 155);
  if (!holds(block, 257, 'ustar  \0')) return '';
  // Go wrote names there in GNU archives until 1.9; other programs write two times, in octal.
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

/** Verifies the sum of all bytes, where its own field counts as blanks. Some old archives sum signed bytes. */
function verifyChecksum(block: Buffer): void {
  const stored = readNumber(block, 148, 8);
  let sum = 8 * BLANK;
  for (let index = 0; index < 148; index++) sum += block[index] as number;
  for (let index = 156; index < BLOCK; index++) sum += block[index] as number;
  if (stored !== sum && stored !== sum - 256 * countNegative(block)) {
    throw badImage('A layer is not a tar archive, or it is damaged: invalid header');
  }
}

/** Counts the summed bytes that are negative if they are signed. */
function countNegative(block: Buffer): number {
  return block.filter((byte, index) => byte > 127 && (index < 148 || index >= 156)).length;
}

const BLANK = 0x20;

/** Reads octal text, or GNU's base-256 if the highest bit is set. Blanks and NULs may surround it; a NUL ends it. */
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
  throw badImage('A layer is not a tar archive, or it is damaged: invalid number in a header');
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
  if (isNegative || !Number.isSafeInteger(value)) throw badImage('A layer has an entry with an invalid size');
  return value;
}
