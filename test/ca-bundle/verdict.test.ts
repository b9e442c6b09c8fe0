import { expect, test } from 'vitest';
import { describeHandshake } from '../../src/ca-bundle/verdict.ts';
import { type Certificate, contentsOf } from '../../src/x509/index.ts';
import { type CertificateRequest, type MadeCertificate, makeCertificate } from '../services/certificate.ts';

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
const selfSigned = read(make('server', { isCa: false }));

const describe = (isTrusted: boolean, code: string | undefined, chain: Certificate[], bundle: Certificate[]) =>
  describeHandshake({ isTrusted, code, chain }, bundle, NOW);

test.each<[string, Certificate[], Certificate[], string, Certificate | undefined]>([
  ['the root that the server sent', [leaf, intermediate, root], [other, root], 'Root', root],
  ['the intermediate, without its root', [leaf, intermediate], [intermediate, other], 'Issuing', intermediate],
  ['of two, the one nearer to the root', [leaf, intermediate, root], [intermediate, root], 'Root', root],
  ["the server's own certificate", [selfSigned], [selfSigned], 'server', selfSigned],
])('a trusted server: the bundle has %s', (_, chain, bundle, name, anchor) => {
  expect(describe(true, undefined, chain, bundle)).toEqual({
    verdict: `trusted: the bundle has CN=${name}, valid until 2031-05-01`,
    anchor,
  });
});

test('a trusted server of whose chain the bundle has nothing is only said to be trusted', () => {
  expect(describe(true, undefined, [leaf, intermediate], [other])).toEqual({ verdict: 'trusted' });
});

test.each<[string, string | undefined, Certificate[], Certificate[], string]>([
  ['no certificate', 'X', [], [root], 'the server sent no readable certificate'],
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
    [],
    "the bundle's CN=server has a different key from the one that signed CN=server",
  ],
  ['for another purpose', 'INVALID_PURPOSE', [leaf, root], [root], 'its certificate CN=server is not for TLS servers'],
  ['no CA', 'INVALID_CA', [leaf, direct, root], [root], 'CN=server, which signed its certificate, is not a CA'],
  ['another name', 'ERR_TLS_CERT_ALTNAME_INVALID', [leaf], [root], 'its certificate CN=server is for another name'],
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
    'the bundle has the intermediate CN=Issuing, but not its root CN=Root. Go (Terraform) accepts that, other programs do not',
  ],
  [
    'an intermediate beside other roots in the bundle',
    'UNABLE_TO_GET_ISSUER_CERT',
    [leaf, intermediate],
    [other, intermediate],
    'the bundle has the intermediate CN=Issuing, but not its root CN=Root. Go (Terraform) accepts that, other programs do not',
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
  ['anything else', 'HOSTNAME_X', [leaf], [root], 'HOSTNAME_X'],
  ['a code that only ends like another', 'NOT_UNABLE_TO_GET_ISSUER_CERT', [leaf], [], 'NOT_UNABLE_TO_GET_ISSUER_CERT'],
])('a server that is not trusted: %s', (_, code, chain, bundle, why) => {
  expect(describe(false, code, chain, bundle)).toEqual({ verdict: `not trusted: ${why}` });
});
