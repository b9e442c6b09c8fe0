import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { opensslVerdict } from '../../../src/ca-bundle/probe/openssl-verdict.ts';
import { type Certificate, contentsOf } from '../../../src/x509/index.ts';
import { type CertificateRequest, type MadeCertificate, makeCertificate } from '../../services/certificate.ts';

const NOW = new Date('2030-06-15T12:00:00Z');
const valid = { notBefore: new Date('2030-01-01T00:00:00Z'), notAfter: new Date('2031-05-01T23:59:59Z') };

const make = (CN: string, more: Partial<CertificateRequest> = {}) =>
  makeCertificate({ subject: { CN }, ...valid, ...more });
const read = ({ pem }: MadeCertificate) => contentsOf(Buffer.from(pem), 'x')[0]?.certificate as Certificate;

const made = { root: make('Root'), other: make('Other'), twin: make('Root') };
const intermediateMade = make('Issuing', { issuer: made.root });
const [root, other, twin, intermediate] = [made.root, made.other, made.twin, intermediateMade].map(read) as [
  Certificate,
  Certificate,
  Certificate,
  Certificate,
];
const anotherIntermediate = read(make('Issuing 2', { issuer: made.root }));
const leaf = read(make('server', { issuer: intermediateMade, isCa: false }));
const direct = read(make('server', { issuer: made.root, isCa: false }));
const expired = read(make('server', { issuer: made.root, notAfter: new Date('2030-06-15T11:59:59Z') }));
const early = read(make('server', { issuer: made.root, notBefore: new Date('2030-06-15T12:00:01Z') }));
const named = read(make('server', { issuer: made.root, isCa: false, names: ['other.example'] }));
const selfSigned = read(make('server', { isCa: false }));

type Path = readonly [Certificate, ...Certificate[]];
const describe = (code: string | undefined, path: Path, bundle: readonly Certificate[], words?: string) =>
  opensslVerdict(
    { ...(code && { code }), ...(words && { words }) },
    { host: 'server', path, sent: path, bundle, now: NOW },
  );

test.each<[string, Path, Certificate[], string, Certificate]>([
  ['the root that the server sent', [leaf, intermediate, root], [other, root], 'Root', root],
  ['the intermediate, without its root', [leaf, intermediate], [intermediate, other], 'Issuing', intermediate],
  ['of two, the one nearer to the root', [leaf, intermediate, root], [intermediate, root], 'Root', root],
  ["the server's own certificate", [selfSigned], [selfSigned], 'server', selfSigned],
])('a trusted server: the bundle has %s', (_, chain, bundle, name, anchor) => {
  const reason = `the bundle has CN=${name}, valid until 2031-05-01`;
  expect(describe(undefined, chain, bundle)).toEqual({ isTrusted: true, reason, anchor });
});

test('nothing is trusted with a bundle of which OpenSSL reads nothing', () => {
  const reason = 'OpenSSL reads no certificate from the bundle';
  expect(describe('SELF_SIGNED_CERT_IN_CHAIN', [leaf, root], [])).toEqual({ isTrusted: false, reason });
});

test.each<[string, string, Path, Certificate[], string]>([
  [
    'self-signed, not in the bundle',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    [selfSigned],
    [root],
    'its certificate CN=server is self-signed and not in the bundle',
  ],
  [
    'a root that the bundle lacks',
    'SELF_SIGNED_CERT_IN_CHAIN',
    [leaf, intermediate, root],
    [other],
    `the bundle lacks the root that the server sent, CN=Root (SHA-256 ${root.fingerprint})`,
  ],
  ['expired', 'CERT_HAS_EXPIRED', [expired, root], [root], 'CN=server expired on 2030-06-15'],
  ['an expired root, not the leaf', 'CERT_HAS_EXPIRED', [leaf, expired], [root], 'CN=server expired on 2030-06-15'],
  ['not valid yet', 'CERT_NOT_YET_VALID', [early, root], [root], 'CN=server is not valid before 2030-06-15'],
  [
    'signed with another key than that of the bundle’s certificate of this name',
    'CERT_SIGNATURE_FAILURE',
    [direct, twin],
    [twin],
    "the bundle's CN=Root has a different key from the one that signed CN=server",
  ],
  [
    'signed with another key, in the middle of the chain',
    'CERT_SIGNATURE_FAILURE',
    [leaf, intermediate, twin],
    [twin],
    "the bundle's CN=Root has a different key from the one that signed CN=Issuing",
  ],
  [
    'signed with another key, alone',
    'CERT_SIGNATURE_FAILURE',
    [selfSigned],
    [other],
    'a certificate of its chain has a wrong signature',
  ],
  [
    'with a key for something else',
    'INVALID_PURPOSE',
    [leaf, root],
    [root],
    'the purposes of its certificate CN=server (keyUsage, extendedKeyUsage) do not include TLS servers',
  ],
  ['no CA', 'INVALID_CA', [leaf, direct, root], [root], 'CN=server is not a CA certificate: it has CA:FALSE'],
  [
    'another name',
    'HOSTNAME_MISMATCH',
    [named],
    [root],
    'its certificate CN=server is for other.example, not for server',
  ],
  [
    'an issuer that the server did not send, and the bundle lacks',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    [leaf],
    [root],
    'the bundle lacks CN=Issuing, which signed CN=server. If CN=Issuing is an intermediate, the server should send it',
  ],
  [
    'the root of an intermediate that the server sent',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    [leaf, intermediate],
    [other],
    'the bundle lacks CN=Root, which signed CN=Issuing',
  ],
  [
    'an intermediate in the bundle without its root',
    'UNABLE_TO_GET_ISSUER_CERT',
    [leaf, intermediate],
    [intermediate],
    'the bundle has CN=Issuing, but not its issuer CN=Root; OpenSSL requires a root. curl and Python 3.13 do not',
  ],
  [
    'an intermediate beside other roots in the bundle',
    'UNABLE_TO_GET_ISSUER_CERT',
    [leaf, intermediate],
    [other, intermediate],
    'the bundle has CN=Issuing, but not its issuer CN=Root; OpenSSL requires a root. curl and Python 3.13 do not',
  ],
  [
    'another intermediate in the bundle than the one that the server sent',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    [leaf, intermediate],
    [anotherIntermediate],
    'the bundle lacks CN=Root, which signed CN=Issuing',
  ],
  [
    'a root of the same name with another key',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    [direct],
    [other, twin],
    "the bundle's CN=Root has a different key from the one that signed CN=server",
  ],
  ['anything else', 'HOSTNAME_X', [leaf], [root], 'OpenSSL says "HOSTNAME_X"'],
])('a server that is not trusted: %s', (_, code, chain, bundle, why) => {
  expect(describe(code, chain, bundle)).toEqual({ isTrusted: false, reason: why });
});

/** The codes of X509_verify_cert that Node has a name for (node, src/crypto/crypto_common.cc, `X509ErrorCode`). */
const NODE_CODES =
  'UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECRYPT_CRL_SIGNATURE UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY CERT_SIGNATURE_FAILURE CRL_SIGNATURE_FAILURE CERT_NOT_YET_VALID CERT_HAS_EXPIRED CRL_NOT_YET_VALID CRL_HAS_EXPIRED ERROR_IN_CERT_NOT_BEFORE_FIELD ERROR_IN_CERT_NOT_AFTER_FIELD ERROR_IN_CRL_LAST_UPDATE_FIELD ERROR_IN_CRL_NEXT_UPDATE_FIELD OUT_OF_MEM DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_CHAIN_TOO_LONG CERT_REVOKED INVALID_CA PATH_LENGTH_EXCEEDED INVALID_PURPOSE CERT_UNTRUSTED CERT_REJECTED HOSTNAME_MISMATCH';

test.each(NODE_CODES.split(' '))('%s has a sentence', (code) => {
  expect(describe(code, [leaf, intermediate], [root]).reason).toMatch(/^\S.{20,}$/);
  expect(describe(code, [leaf, intermediate], [root]).reason).not.toMatch(/[A-Z]_[A-Z]|OpenSSL says/);
});

test('so has each code that Node calls UNSPECIFIED', () => {
  const words = readFileSync(new URL('../../fixtures/openssl-verify-errors.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const without = words.filter((each) =>
    describe('UNSPECIFIED', [leaf, intermediate], [root], each).reason.includes('says'),
  );
  expect(without).toEqual([]);
  expect(describe('UNSPECIFIED', [leaf], [root], 'something new').reason).toBe('OpenSSL says "something new"');
});
