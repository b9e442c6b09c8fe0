import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Policy, warningsAbout } from '../../../src/ca-bundle/custom/policy.ts';
import { remarkOn } from '../../../src/ca-bundle/custom/reader-remarks.ts';
import type { Reader } from '../../../src/x509/index.ts';
import { type CertificateRequest, tlv, toPem } from '../../services/certificate.ts';
import { constraints, makeAuthority, soundExtensions } from '../../services/certificate-shapes/authority.ts';
import { extension } from '../../services/certificate-shapes/encode.ts';
import { publicKeyOf } from '../../services/certificate-shapes/keys.ts';
import { daysFromNow, expired, first, make, now, read, root, strict } from '../../services/given-certificates.ts';

test('expired and not yet valid certificates are kept or left out as asked, and those left out are named', () => {
  const given = first + make('Old', expired).pem + make('New', { notBefore: daysFromNow(2) }).pem;
  const names = (policy: Policy) => read(given, policy).certificates.map(({ subject }) => subject);
  expect(names({ ...strict, expired: 'keep' })).toEqual(['CN=Root', 'CN=Old', 'CN=New']);
  expect(names({ ...strict, expired: 'skip' })).toEqual(['CN=Root']);
  expect(read(given, { ...strict, expired: 'skip' }).skipped).toEqual([
    expect.stringContaining('(CN=Old) expired on'),
    expect.stringContaining('(CN=New) is not valid before'),
  ]);
});

test('a certificate that is not an authority is taken with --allow-non-ca', () => {
  expect(read(make('Leaf', { isCa: false }).pem, { ...strict, allowNonCa: true }).certificates).toHaveLength(1);
});

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const strong = rsa(2048);

test.each<readonly [string, Partial<CertificateRequest>, readonly string[]]>([
  ['a sound root', {}, []],
  ['Ed25519', { keys: generateKeyPairSync('ed25519') }, []],
  ['P-521', { keys: generateKeyPairSync('ec', { namedCurve: 'P-521' }) }, []],
  ['RSA 1024', { keys: rsa(1024) }, []],
  ['RSA 2040', { keys: rsa(2040) }, ['has an RSA key of only 2040 bits']],
  ['RSA 2048', { keys: strong }, []],
  ['a root signed with SHA-1', { keys: strong, hash: 'sha1' }, []],
  ['an intermediate', { issuer: root }, ['is not self-signed: curl (OpenSSL) and Node need its root too']],
  [
    'an intermediate signed with SHA-1',
    { issuer: make('R', { keys: strong }), hash: 'sha1' },
    [expect.stringContaining('SHA-1'), expect.anything()],
  ],
  [
    'an intermediate signed with MD5',
    { issuer: make('R', { keys: strong }), hash: 'md5' },
    [expect.stringContaining('MD5'), expect.anything()],
  ],
  ['29 days left', { notAfter: daysFromNow(29) }, [expect.stringContaining('expires on')]],
  ['31 days left', { notAfter: daysFromNow(31) }, []],
])('the weaknesses of a certificate are warned of, and nothing else: %s', (_case, more, concerns) => {
  const [certificate] = read(make('Given', more).pem).certificates;
  expect(certificate && warningsAbout(certificate, now)).toEqual(concerns);
});

test.each<readonly [string, Partial<CertificateRequest>, string | undefined]>([
  ['a sound root', {}, undefined],
  ['an intermediate', { issuer: root }, undefined],
  [
    'RSA 1024',
    { keys: rsa(1024) },
    'curl (OpenSSL), Python and Node 24 and newer do not trust this CA: an RSA key of 1024 bits',
  ],
  [
    'secp256k1',
    { keys: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }) },
    'Terraform (Go), git (GnuTLS) and Java do not trust this CA: curve secp256k1',
  ],
  [
    'a negative serial number',
    { serial: Buffer.from([0x80]) },
    'Terraform (Go 1.23 and newer) ignores this CA: a negative serial number',
  ],
  [
    'a root of version 1',
    { version: 1 },
    'Python 3.13 and newer do not trust this CA: no basicConstraints (it is not of version 3)',
  ],
])('readers that do not trust a certificate are named in one line: %s', (_case, more, remark) => {
  const [certificate] = read(make('Given', more).pem).certificates;
  expect(certificate && remarkOn(certificate, undefined)).toBe(remark);
});

const had = (...readers: Reader[]) => new Map(readers.map((each) => [each, undefined]));

test('only readers that the image has are named', () => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const [certificate] = read(make('Given', { keys }).pem).certificates;
  expect(certificate && remarkOn(certificate, had('go', 'openssl'))).toBe(
    'Terraform (Go) ignores this CA: curve secp256k1',
  );
  expect(certificate && remarkOn(certificate, had('openssl', 'node'))).toBeUndefined();
});

test('each certificate is listed with the kind and size of its key', () => {
  const keys = [strong, root.keys, generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'P-384' })];
  const given = keys.map((each) => make('Key', { keys: each }).pem).join('');
  expect(read(given).certificates.map(({ key }) => key.name)).toEqual(['RSA 2048', 'EC P-256', 'Ed25519', 'EC P-384']);
});

test('a certificate for which git would lose all others is refused, whatever else is allowed', () => {
  const extensions = [...soundExtensions(publicKeyOf('P-256')), extension(constraints)];
  const twice = toPem(makeAuthority('twice', { extensions }).der);
  for (const policy of [strict, { ...strict, expired: 'keep', allowNonCa: true }] as const) {
    expect(() => read(twice, policy)).toThrow(
      expect.objectContaining({
        code: 'SPACECTL_BAD_CERTIFICATE',
        message: expect.stringContaining(
          'would make git (GnuTLS) ignore the whole bundle: it has basicConstraints twice',
        ),
      }),
    );
  }
});

test('a certificate that its own block distrusts for servers is refused; one for other purposes is taken', () => {
  const [server, client] = ['2b06010505070301', '2b06010505070302'].map((hex) => tlv(0x06, Buffer.from(hex, 'hex')));
  const trusted = (...rejected: readonly Buffer[]) =>
    toPem(Buffer.concat([root.der, tlv(0x30, tlv(0xa0, ...rejected))]), 'TRUSTED CERTIFICATE');
  expect(() => read(trusted(server as Buffer))).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('is marked as not trusted for TLS servers, in its TRUSTED CERTIFICATE block'),
      suggestions: [{ text: 'Leave it out, or pass the plain certificate if you do trust it' }],
    }),
  );
  expect(read(trusted(client as Buffer)).certificates).toHaveLength(1);
  expect(read(first).certificates).toHaveLength(1);
});
