import { expect, test } from 'vitest';
import { extendBundle } from '../../../src/ca-bundle/bundle.ts';
import { toPem } from '../../services/certificate.ts';
import { first, read, root, second } from '../../services/given-certificates.ts';

const extend = (base: string, added = '') =>
  extendBundle(Buffer.from(base), added ? read(added).certificates : [], 'the base');
const damagedInside = root.der.toString('latin1').replace('\xa0\x03\x02', '\xa0\x03\x03');

test('a certificate that is damaged inside is found, unless the base is known from an earlier build', () => {
  const base = Buffer.from(first + toPem(Buffer.from(damagedInside, 'latin1')));
  expect(() => extendBundle(base, [], 'the base')).toThrow('because the block in line 10 is not a certificate');
  expect(extendBundle(base, [], 'the base', { isKnownSound: true }).warnings).toEqual([]);
});

test('a carriage return at the end of the base is part of a line end, once something follows', () => {
  const { warnings, bytes } = extend(first + second.replace(/\n$/, '\r'), second);
  expect(warnings).toEqual([]);
  expect(bytes.toString()).toBe(`${first}${second.replace(/\n$/, '\r\n')}`);
});

test('of a certificate that is given twice, the first file is noted', () => {
  const [one] = read(first).certificates;
  if (!one) throw new Error('unreachable');
  const { added } = extendBundle(Buffer.from(second), [one, { ...one, source: 'again.pem' }], 'the base');
  expect(added.map(({ source }) => source)).toEqual(['given.pem']);
});

test('a base with only a damaged certificate is refused with what is wrong with it', () => {
  expect(() => extend(first.slice(0, 200))).toThrow(
    'the base contains no certificates: block 1 (line 1) (CERTIFICATE) is cut off',
  );
});
