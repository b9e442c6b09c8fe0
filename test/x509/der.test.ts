import { expect, test } from 'vitest';
import { childrenOf, oidOf, readElement, timeOf } from '../../src/x509/der.ts';
import { tlv } from '../services/certificate.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const oid = (content: string) => oidOf(readElement(tlv(0x06, hex(content))));

// X.690, 8.19.
test.each([
  ['2a 03 04', '1.2.3.4'],
  ['00', '0.0'],
  ['27', '0.39'],
  ['28', '1.0'],
  ['4f', '1.39'],
  ['50', '2.0'],
  ['88 37', '2.999'],
  ['55 1d 13', '2.5.29.19'],
  ['2a 86 48 86 f7 0d 01 01 0b', '1.2.840.113549.1.1.11'],
  ['2a 81 00', '1.2.128'],
  ['', ''],
  ['2a 86', ''],
  ['2a 80 01', ''],
  ['80 01', ''],
])('the object identifier %s is "%s"', (content, expected) => {
  expect(oid(content)).toBe(expected);
});

test('only an object identifier is read as one', () => {
  expect(oidOf(readElement(tlv(0x04, hex('2a0304'))))).toBe('');
  expect(oidOf(undefined)).toBe('');
});

// RFC 5280, 4.1.2.5.
test.each([
  [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
  [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
  [0x17, '000101000000Z', '2000-01-01T00:00:00.000Z'],
  [0x17, '991231235959Z', '1999-12-31T23:59:59.000Z'],
  [0x18, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
  [0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
  [0x18, '00500101000000Z', '0050-01-01T00:00:00.000Z'],
  [0x18, '19491231235959Z', '1949-12-31T23:59:59.000Z'],
  [0x17, '20240101000000Z', undefined],
  [0x18, '240101000000Z', undefined],
  [0x17, '2401010000Z', undefined],
  [0x17, '240101000000+0100', undefined],
  [0x18, '20240101000000.5Z', undefined],
  [0x17, '240101000000z', undefined],
  [0x17, '', undefined],
  [0x0c, '240101000000Z', undefined],
])('a time with tag %i and text %s is %s', (tag, text, expected) => {
  expect(timeOf(readElement(tlv(tag, Buffer.from(text))))?.toISOString()).toBe(expected);
});

test.each([
  ['nothing', ''],
  ['an identifier alone', '30'],
  ['a length that goes on past the end', '30 02 05'],
  ['a long length that is cut off', '30 82 01'],
  ['a length in five octets', '30 85 00 00 00 00 01 05'],
  ['a tag in several octets', '3f 81 01 00'],
  ['an indefinite length without an end', '30 80 02 01 05'],
  ['an indefinite length with half an end', '30 80 02 01 05 00'],
])('%s is no value', (_, bytes) => {
  expect(readElement(hex(bytes))).toBeUndefined();
});

test('a value is read with short, long and indefinite lengths, from its offset, and bytes after it are left', () => {
  expect(readElement(hex('02 01 05'))).toEqual({ tag: 2, bytes: hex('02 01 05'), content: hex('05') });
  expect(readElement(hex('05 00'))).toEqual({ tag: 5, bytes: hex('05 00'), content: hex('') });
  expect(readElement(hex('ff 02 01 05 ff'), 1)).toEqual({ tag: 2, bytes: hex('02 01 05'), content: hex('05') });
  expect(readElement(hex('02 84 00 00 00 01 05'))?.content).toEqual(hex('05'));
  const long = tlv(0x04, Buffer.alloc(200, 1));
  expect(long[1]).toBe(0x81);
  expect(readElement(long)?.content).toHaveLength(200);
  expect(readElement(hex('30 80 02 01 05 00 00 ff'))).toEqual({
    tag: 0x30,
    bytes: hex('30 80 02 01 05 00 00'),
    content: hex('02 01 05'),
    isIndefinite: true,
  });
});

test('values may be nested in 32 indefinite lengths, not in more: a file cannot exhaust the stack', () => {
  const nested = (depth: number) => Buffer.concat([hex('3080'.repeat(depth)), hex('0000'.repeat(depth))]);
  expect(readElement(nested(32))?.isIndefinite).toBe(true);
  expect(readElement(nested(34))).toBeUndefined();
  expect(readElement(nested(100_000))).toBeUndefined();
});

test('children are all values of a constructed value, or none if one of them is cut off', () => {
  const children = (bytes: string) => childrenOf(readElement(hex(bytes))).map(({ tag }) => tag);
  expect(children('30 06 02 01 05 04 01 06')).toEqual([2, 4]);
  expect(children('a0 03 02 01 05')).toEqual([2]);
  expect(children('30 00')).toEqual([]);
  expect(children('30 05 02 01 05 04 01')).toEqual([]);
  // A primitive value has none, even if its content looks like one.
  expect(children('04 03 02 01 05')).toEqual([]);
  expect(childrenOf(undefined)).toEqual([]);
});
