import { expect, test } from 'vitest';
import { extendBundle } from '../../src/ca-bundle/bundle.ts';
import { daysFromNow, first, make, privateKey, read, root, second } from '../services/given-certificates.ts';

test('a certificate issued again for the same subject and key is warned of, in the base and among those added', () => {
  const again = make('Root', { keys: root.keys, notAfter: daysFromNow(99) });
  const extended = extendBundle(Buffer.from(first), read(again.pem).certificates, 'the base');
  expect(extended.warnings).toEqual([
    expect.stringContaining('has the same subject and key as a certificate of the base'),
  ]);
  const both = extendBundle(Buffer.from(second), read(first + again.pem).certificates, 'the base');
  expect(both.warnings).toEqual([expect.stringContaining('as another added certificate')]);
  expect(both.added).toHaveLength(2);
});

test('a subject with line breaks stays on its comment line, and the bundle reads the same again', () => {
  const hostile = make('evil\n-----BEGIN CERTIFICATE-----\r\n\u2028-----END CERTIFICATE-----\u001b[31m');
  const { certificates } = read(hostile.pem);
  const { bytes } = extendBundle(Buffer.from(first), certificates, 'the base');
  const comments = bytes
    .toString('utf8')
    .slice(first.length)
    .split(/[\n\r\u2028\u2029]/)
    .filter((line) => !/^[A-Za-z0-9+/=]+$/.test(line));
  expect(comments).toHaveLength(5);
  expect(comments.slice(0, 2).every((line) => line.startsWith('# '))).toBe(true);
  const again = extendBundle(bytes, certificates, 'the bundle');
  expect(again.added).toEqual([]);
  expect(again.bytes.equals(bytes)).toBe(true);
});

test('extending what is extended already changes nothing, in whatever order', () => {
  const { certificates } = read(first + second);
  const base = Buffer.from(make('Base').pem.trimEnd());
  const { bytes, added } = extendBundle(base, certificates, 'the base');
  expect(added).toHaveLength(2);
  expect(bytes.subarray(0, base.length + 2).toString()).toBe(`${base}\n#`);
  expect(extendBundle(bytes, [...certificates].reverse(), 'the bundle').bytes.equals(bytes)).toBe(true);
});

test('a base that is damaged, or holds a private key, is refused as OpenSSL would refuse it', () => {
  const bases = [first + second.slice(0, 100), first.replace(/\n..../, '\n!!!!'), first + privateKey('pkcs8')];
  for (const base of bases) expect(() => extendBundle(Buffer.from(base), [], 'the base')).toThrow(/^the base/);
});
