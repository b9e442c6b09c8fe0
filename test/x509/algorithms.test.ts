import { X509Certificate } from 'node:crypto';
import { execa } from 'execa';
import { expect } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('openssl');

/** Makes a root with OpenSSL. @param key the parameters of `openssl genpkey`. @param signing further ones of `req` */
async function root(key: readonly string[], ...signing: readonly string[]): Promise<X509Certificate> {
  const cwd = await temporaryFolder();
  await execa('openssl', ['genpkey', ...key, '-out', 'key.pem'], { cwd });
  const args = ['req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=Root', '-days', '30', ...signing];
  return new X509Certificate((await execa('openssl', args, { cwd })).stdout);
}

const rsa = (bits: number) => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
const curve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`];

test.each([
  [rsa(1024), { name: 'RSA 1024', rsaBits: 1024 }],
  [rsa(2047), { name: 'RSA 2047', rsaBits: 2047 }],
  [rsa(2048), { name: 'RSA 2048', rsaBits: 2048 }],
  [[...rsa(2048), '-algorithm', 'RSA-PSS'].slice(2), { name: 'RSA-PSS 2048', rsaBits: 2048 }],
  [curve('prime256v1'), { name: 'EC P-256' }],
  [curve('secp384r1'), { name: 'EC P-384' }],
  [curve('secp521r1'), { name: 'EC P-521' }],
  [curve('secp256k1'), { name: 'EC secp256k1' }],
  [curve('brainpoolP256r1'), { name: 'EC brainpoolP256r1' }],
  [['-algorithm', 'ED25519'], { name: 'Ed25519' }],
  [['-algorithm', 'ED448'], { name: 'Ed448' }],
] as const)('the key made with genpkey %j is %o', async (parameters, expected) => {
  expect(readCertificate((await root(parameters)).raw)?.key).toEqual(expected);
});

test.each([
  [rsa(2048), 'md5', 'MD5'],
  [rsa(2048), 'sha1', 'SHA-1'],
  [rsa(2048), 'sha224', undefined],
  [rsa(2048), 'sha256', undefined],
  [curve('prime256v1'), 'sha1', 'SHA-1'],
  [curve('prime256v1'), 'sha384', undefined],
] as const)('signed with the key %j and %s: weak digest %s', async (key, digest, weak) => {
  expect(readCertificate((await root(key, `-${digest}`)).raw)?.weakDigest).toBe(weak);
});

test('subject, issuer, fingerprint and dates are those that OpenSSL reads', async () => {
  const certificate = await root(curve('prime256v1'));
  expect(readCertificate(certificate.raw)).toMatchObject({
    subject: 'CN=Root',
    issuer: 'CN=Root',
    fingerprint: certificate.fingerprint256,
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    version: 3,
    isSerialNegative: false,
  });
});

test('renewed with the same key it has the same identity; with another key or name it has not', async () => {
  const cwd = await temporaryFolder();
  await execa('openssl', ['genpkey', ...curve('prime256v1'), '-out', 'key.pem'], { cwd });
  const make = async (subject: string, days: string) => {
    const args = ['req', '-x509', '-new', '-key', 'key.pem', '-subj', subject, '-days', days];
    return readCertificate(new X509Certificate((await execa('openssl', args, { cwd })).stdout).raw);
  };
  const [first, renewed, renamed] = [await make('/CN=A', '1'), await make('/CN=A', '99'), await make('/CN=B', '1')];
  expect(first?.identity).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(renewed?.identity).toBe(first?.identity);
  expect(renewed?.fingerprint).not.toBe(first?.fingerprint);
  expect(renamed?.identity).not.toBe(first?.identity);
  const other = readCertificate((await root(curve('prime256v1'), '-subj', '/CN=A')).raw);
  expect(other?.subject).toBe('CN=A');
  expect(other?.identity).not.toBe(first?.identity);
});
