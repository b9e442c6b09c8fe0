import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { plainNamesOf } from '../../src/x509/plain-names.ts';
import { makeCertificate } from '../services/certificate.ts';

const asOpenssl = (der: Buffer) => {
  const { subject, issuer } = new X509Certificate(der);
  return { subject: subject.replaceAll('\n', ', '), issuer: issuer.replaceAll('\n', ', ') };
};

test('names read here are what OpenSSL makes of them; most of the Mozilla roots are plain enough', () => {
  const ders = rootCertificates.map((pem) => new X509Certificate(pem).raw);
  const plain = ders.filter((der) => plainNamesOf(der));
  expect(plain.length).toBeGreaterThan(ders.length / 2);
  for (const der of plain) expect(plainNamesOf(der)).toEqual(asOpenssl(der));
});

/** Names as CAs have them, with what has a meaning in a name, and of any characters. */
const ordinary = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcXYZ019 .-()') });
const special = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom(...'ab +,"\\<>;=#/*@') });
const any = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });

test('names of any characters: read as OpenSSL does, or left to it', () => {
  const keys = makeCertificate({ subject: { CN: 'x' } }).keys;
  let readHere = 0;
  fc.assert(
    fc.property(fc.oneof(ordinary, special, any), (CN) => {
      const { der } = makeCertificate({ subject: { O: 'Test', CN }, keys });
      const names = plainNamesOf(der);
      if (!names) return;
      readHere++;
      expect(names).toEqual(asOpenssl(der));
    }),
    { numRuns: 200 },
  );
  expect(readHere).toBeGreaterThan(20);
  expect(readHere).toBeLessThan(200);
});

test('a certificate with one bit or byte changed is taken here only if OpenSSL takes it', () => {
  const { der } = makeCertificate({ subject: { O: 'Test', CN: 'Root' } });
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (offset, value) => {
      const changed = Buffer.from(der);
      changed[offset] = value;
      const read = readCertificate(changed);
      seen[read ? 'taken' : 'refused']++;
      if (read) expect(new X509Certificate(changed).raw.equals(changed)).toBe(true);
    }),
    { numRuns: 4000 },
  );
  // Most bytes are those of the key, the signature and the names, of which any value is one; the others are structure.
  expect(seen.taken).toBeGreaterThan(1000);
  expect(seen.refused).toBeGreaterThan(100);
});
