import { expect, test } from 'vitest';
import { readHeader } from '../../../src/oci/tar/header.ts';
import { buildTar, file } from '../../services/tar.ts';

/** The header of a file, with these bytes for its size, and a checksum that fits. */
function header(size: string, sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => total + byte, 0)): Buffer {
  const block = buildTar([file('name', '')]).subarray(0, 512);
  block.fill(0, 124, 136);
  block.write(size, 124, 'latin1');
  block.fill(' ', 148, 156);
  block.write(`${sum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

test.each([
  ['00000000017\0', 15],
  ['000000000017', 15],
  ['17', 15],
  [' \0 17 \0', 15],
  ['17\0rubbish', 15],
  ['777777777777', 8 ** 12 - 1],
  ['', 0],
  ['            ', 0],
  ['\x80\0\0\0\0\0\0\0\0\0\x01\x02', 258],
])('%j is the number %d', (text, size) => {
  expect(readHeader(header(text)).size).toBe(size);
});

test.each(['18', '1 7', '17 x', '-1', '0x1', '1.5', '\xff'.repeat(12)])('%j is not a number', (text) => {
  expect(() => readHeader(header(text))).toThrow(expect.objectContaining({ code: 'SPACECTL_BAD_IMAGE' }));
});

test('a checksum may be of signed bytes, as some old archives have it, and must be of one kind', () => {
  const signed = (bytes: Uint8Array) => bytes.reduce((total, byte) => total + (byte < 128 ? byte : byte - 256), 0);
  const large = '\x80\0\0\0\0\0\0\0\0\0\x01\xff';
  expect(readHeader(header(large, signed)).size).toBe(511);
  expect(readHeader(header(large)).size).toBe(511);
  expect(() => readHeader(header(large, (bytes) => signed(bytes) + 1))).toThrow(/invalid header/);
});

/** The header of an entry called `name`, changed, and with a checksum that fits. */
function changed(change: (block: Buffer) => void): Buffer {
  const block = Buffer.from(header('0'));
  change(block);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const USTAR = 'ustar\x0000';
const GNU = 'ustar  \0';

test.each<[string, string, string, string]>([
  ['ustar', USTAR, 'folder', 'folder/name'],
  ['ustar, as long as it may be', USTAR, 'f'.repeat(155), `${'f'.repeat(155)}/name`],
  ['star, whose own fields follow', `${USTAR}@508tar\0`, 'f'.repeat(155), `${'f'.repeat(131)}/name`],
  ['V7, which has no such field', '\0'.repeat(8), 'folder', 'name'],
  ['GNU, with two times there', GNU, '00000000017\x0000000000017\0', 'name'],
  ['GNU, with one time there', GNU, '00000000017\0folder', '00000000017/name'],
  ['GNU, with a name there, as Go wrote it', GNU, 'folder', 'folder/name'],
])('the start of a long name in the format %s', (_, format, prefix, name) => {
  const [magic = '', own] = format.split('@508');
  const block = changed((bytes) => {
    bytes.fill(0, 345, 512);
    bytes.write(magic, 257, 'latin1');
    bytes.write(prefix, 345, 'latin1');
    if (own) bytes.write(own, 508, 'latin1');
  });
  expect(readHeader(block).name).toBe(name);
});

test.each([
  ['S', 1, { isSparse: true, hasSparseExtension: true }],
  ['S', 0, { isSparse: true, hasSparseExtension: false }],
  ['S', 2, { isSparse: true, hasSparseExtension: false }],
  ['0', 1, { isSparse: false, hasSparseExtension: false }],
])('type %s with %d where the map of holes goes on', (flag, extension, expected) => {
  const block = changed((bytes) => {
    bytes.fill(0, 257, 512);
    bytes.write(flag, 156);
    bytes[482] = extension;
  });
  expect(readHeader(block)).toMatchObject(expected);
});

test('a checksum of signed bytes leaves out its own field, and no other byte', () => {
  for (const at of [147, 156, 511]) {
    const block = Buffer.from(header('0'));
    block[at] = 0x80;
    block.fill(' ', 148, 156);
    const signed = block.reduce((total, byte) => total + (byte < 128 ? byte : byte - 256), 0);
    block.write(`${signed.toString(8).padStart(6, '0')}\0\xa0`, 148, 'latin1');
    expect(readHeader(block).size).toBe(0);
  }
});

test.each([
  ['\x80\0\0\0\0\x20\0\0\0\0\0\0', /invalid size/],
  ['\xc0\0\0\0\0\0\0\0\0\0\0\x01', /invalid size/],
])('a size in base 256 that is negative or too large is refused', (size, message) => {
  expect(() => readHeader(header(size))).toThrow(message);
});
