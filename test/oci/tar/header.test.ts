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
