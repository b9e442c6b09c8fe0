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

test('names of any characters: read as OpenSSL does, or left to it', () => {
  const keys = makeCertificate({ subject: { CN: 'x' } }).keys;
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }), (CN) => {
      const { der } = makeCertificate({ subject: { O: 'Test', CN }, keys });
      const names = plainNamesOf(der);
      if (names) expect(names).toEqual(asOpenssl(der));
    }),
    { numRuns: 200 },
  );
});

test('a certificate with one bit or byte changed is taken here only if OpenSSL takes it', () => {
  const { der } = makeCertificate({ subject: { O: 'Test', CN: 'Root' } });
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.nat(255), (offset, value) => {
      const changed = Buffer.from(der);
      changed[offset] = value;
      const read = readCertificate(changed);
      if (read) expect(new X509Certificate(changed).raw.equals(changed)).toBe(true);
    }),
    { numRuns: 4000 },
  );
});
