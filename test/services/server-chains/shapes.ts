import type { GoProblemKind } from '../../../src/x509/go/index.ts';
import { tlv } from '../certificate.ts';
import {
  bits,
  extension,
  integer,
  name,
  nothing,
  octets,
  oid,
  printable,
  sequence,
  utf8,
} from '../certificate-shapes/encode.ts';
import { type Issue, type Issued, issue } from './issue.ts';

/** A server, a bundle, and who trusts it. */
export interface Shape {
  readonly title: string;
  readonly sent: readonly [Issued, ...Issued[]];
  readonly bundle: readonly Issued[];
  readonly host: string;
  /** What Go has against it, at least one from 1.23 on. */
  readonly go: GoProblemKind | 'trusted';
  /** Node's code, or OpenSSL's words where it has none. */
  readonly openssl: string;
}

const HOST = 'www.example.com';
const named = (CN: string, ...more: readonly (readonly [string, Buffer])[]) => name(...more, ['CN', utf8(CN)]);
const SUBJECT = named(HOST);
const root = issue({ subject: named('Root') });
const middle = issue({ subject: named('Issuing'), issuer: root, keyNumber: 1 });
const stranger = issue({ subject: named('Stranger'), keyNumber: 2 });

/** A sound server, except for what is given. */
const server = (more: Partial<Issue> = {}) =>
  issue({ subject: SUBJECT, issuer: middle, keyNumber: 3, names: [`DNS:${HOST}`], ...more });
/** A sound intermediate, except for what is given. */
const below = (more: Partial<Issue> = {}) => issue({ subject: named('Issuing'), issuer: root, keyNumber: 1, ...more });
/** A sound root, except for what is given. */
const rootWith = (more: Partial<Issue> = {}) => issue({ subject: named('Root'), ...more });

type Parts = Partial<Pick<Shape, 'sent' | 'bundle' | 'host'>>;
const shape = (title: string, go: Shape['go'], openssl: string, parts: Parts = {}): Shape => ({
  ...{ sent: [server(), middle], bundle: [stranger, root], host: HOST, title, go, openssl },
  ...parts,
});

/** A server under an intermediate that is not sound. */
const under = (more: Partial<Issue>, server_: Partial<Issue> = {}): Pick<Shape, 'sent'> => {
  const issuer = below(more);
  return { sent: [server({ issuer, ...server_ }), issuer] };
};
/** A server directly under a root that is not sound, and a bundle with this root. */
const underRoot = (more: Partial<Issue>, server_: Partial<Issue> = {}): Pick<Shape, 'sent' | 'bundle'> => {
  const issuer = rootWith(more);
  return { sent: [server({ issuer, ...server_ })], bundle: [stranger, issuer] };
};
const withNames = (names: Issue['names'], host = HOST): Parts => ({ sent: [server({ names }), middle], host });

const CRITICAL = extension({ id: '1.2.3.4', isCritical: true, value: nothing });
const EXPLICIT_POLICY = extension({ id: '2.5.29.36', isCritical: true, value: sequence(tlv(0x80, Buffer.from([5]))) });
const [SERVER_AUTH, CLIENT_AUTH, EMAIL, ANY] = [
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.4',
  '2.5.29.37.0',
];
const LARGE_RSA = sequence(
  sequence(oid('1.2.840.113549.1.1.1'), nothing),
  bits(0, ...sequence(integer(0x40, ...Buffer.alloc(1027, 0xff)), integer(1, 0, 1))),
);

const expiredMiddle = below({ days: [-100, -1] });
const untrustedRoot = rootWith({ keyNumber: 4 });
const crossSigned = below({ issuer: untrustedRoot });
const printableRoot = issue({ subject: name(['CN', printable('Root')]) });
const sound = server();
const bySelf = server({ issuer: undefined, issuerName: SUBJECT });
const second = issue({ subject: named('Second'), issuer: middle, keyNumber: 5 });

const NAME_SHAPES: readonly Shape[] = [
  shape('only a common name', 'no-alternative-name', 'trusted', {
    sent: [server({ names: undefined, isCa: false, keyUsage: 0x80 }), middle],
  }),
  shape('another name', 'other-name', 'HOSTNAME_MISMATCH', withNames(['DNS:example.org'])),
  shape(
    'a common name that matches, beside another alternative name',
    'other-name',
    'HOSTNAME_MISMATCH',
    withNames(['DNS:example.org']),
  ),
  shape(
    'only the email address of somebody, and a common name',
    'other-name',
    'trusted',
    withNames(['email:me@example.com']),
  ),
  shape('letters in another case', 'trusted', 'trusted', withNames(['DNS:WWW.Example.COM'])),
  shape('a wildcard for the first label', 'trusted', 'trusted', withNames(['DNS:*.example.com'])),
  shape(
    'a wildcard for two labels',
    'other-name',
    'HOSTNAME_MISMATCH',
    withNames(['DNS:*.example.com'], 'a.b.example.com'),
  ),
  shape(
    'a wildcard for the domain itself',
    'other-name',
    'HOSTNAME_MISMATCH',
    withNames(['DNS:*.example.com'], 'example.com'),
  ),
  shape('a wildcard within a label', 'other-name', 'trusted', withNames(['DNS:w*.example.com'])),
  shape('a wildcard in the second label', 'other-name', 'HOSTNAME_MISMATCH', withNames(['DNS:www.*.com'])),
  shape('a wildcard below a top-level domain', 'trusted', 'HOSTNAME_MISMATCH', withNames(['DNS:*.com'], 'example.com')),
  shape('a wildcard alone', 'other-name', 'HOSTNAME_MISMATCH', withNames(['DNS:*'], 'example')),
  shape('an underscore', 'trusted', 'trusted', withNames(['DNS:my_host.example.com'], 'my_host.example.com')),
  shape('a dot at the end of the name', 'other-name', 'HOSTNAME_MISMATCH', withNames([`DNS:${HOST}.`])),
  shape('an address', 'trusted', 'trusted', withNames(['IP:127.0.0.1'], '127.0.0.1')),
  shape('another address', 'other-name', 'IP_ADDRESS_MISMATCH', withNames(['IP:127.0.0.2'], '127.0.0.1')),
  shape('an address as a name', 'other-name', 'IP_ADDRESS_MISMATCH', withNames(['DNS:127.0.0.1'], '127.0.0.1')),
  shape('an IPv6 address', 'trusted', 'trusted', withNames(['IP:00000000000000000000000000000001'], '::1')),
  shape('critical alternative names of which Go knows none', 'unhandled-extension', 'trusted', {
    sent: [server({ names: ['RID:1.2.3'], areNamesCritical: true }), middle],
  }),
];

const CHAIN_SHAPES: readonly Shape[] = [
  shape('a root, an intermediate and a server', 'trusted', 'trusted'),
  shape('the root is sent too', 'trusted', 'trusted', { sent: [server(), middle, root] }),
  shape('the root is not in the bundle', 'unknown-authority', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', {
    bundle: [stranger],
  }),
  shape('the root is sent, but not in the bundle', 'unknown-authority', 'SELF_SIGNED_CERT_IN_CHAIN', {
    ...{ sent: [server(), middle, root], bundle: [stranger] },
  }),
  shape('the intermediate is not sent', 'unknown-authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', { sent: [server()] }),
  shape('the intermediate is sent after a stranger', 'trusted', 'trusted', { sent: [server(), stranger, middle] }),
  shape('only the intermediate is in the bundle', 'trusted', 'UNABLE_TO_GET_ISSUER_CERT', { bundle: [middle] }),
  shape('the intermediate is in the bundle, not sent', 'trusted', 'trusted', {
    sent: [server()],
    bundle: [middle, root],
  }),
  shape('only the server itself is in the bundle', 'trusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', {
    sent: [sound],
    bundle: [sound],
  }),
  shape('a self-signed server that is in the bundle', 'trusted', 'trusted', { sent: [bySelf], bundle: [bySelf] }),
  shape('a self-signed server', 'unknown-authority', 'DEPTH_ZERO_SELF_SIGNED_CERT', { sent: [bySelf] }),
  shape('a root of the same name with another key', 'unknown-authority', 'CERT_SIGNATURE_FAILURE', {
    bundle: [rootWith({ keyNumber: 4, keyIds: 'none' })],
  }),
  shape('a root of the same name with another key, before the right one', 'trusted', 'trusted', {
    bundle: [untrustedRoot, root],
  }),
  shape('a root whose name has another type of string', 'unknown-authority', 'trusted', { bundle: [printableRoot] }),
  shape('an issuer by another key identifier', 'trusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', {
    sent: [server({ keyIds: 'wrong' }), middle],
  }),
  shape('an expired server', 'expired', 'CERT_HAS_EXPIRED', { sent: [server({ days: [-9, -1] }), middle] }),
  shape('a server of tomorrow', 'not-valid-yet', 'CERT_NOT_YET_VALID', { sent: [server({ days: [1, 9] }), middle] }),
  shape('an expired intermediate', 'expired', 'CERT_HAS_EXPIRED', { sent: [server(), expiredMiddle] }),
  shape('an expired intermediate before its successor', 'trusted', 'trusted', {
    sent: [server(), expiredMiddle, middle],
  }),
  shape('an expired root', 'expired', 'CERT_HAS_EXPIRED', underRoot({ days: [-9, -1] })),
  shape(
    'an intermediate of an unknown root before one of a known root',
    'trusted',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    { sent: [server(), crossSigned, middle] },
  ),
  shape('a wrong signature', 'unknown-authority', 'CERT_SIGNATURE_FAILURE', {
    sent: [server({ signature: 'broken' }), middle],
  }),
];

const AUTHORITY_SHAPES: readonly Shape[] = [
  shape('an intermediate that is no CA', 'unknown-authority', 'INVALID_PURPOSE', under({ isCa: false })),
  shape(
    'an intermediate without basicConstraints',
    'unknown-authority',
    'INVALID_PURPOSE',
    under({ isCa: undefined, keyUsage: undefined }),
  ),
  shape(
    'an intermediate that may not sign',
    'unknown-authority',
    'key usage does not include certificate signing',
    under({ keyUsage: 0x80 }),
  ),
  shape('an intermediate without keyUsage', 'trusted', 'trusted', under({ keyUsage: undefined })),
  shape('an intermediate of version 1', 'not-a-ca', 'INVALID_PURPOSE', under({ version: 1 })),
  shape('a root of version 1', 'trusted', 'trusted', underRoot({ version: 1 })),
  shape(
    'a path that is too long',
    'path-too-long',
    'PATH_LENGTH_EXCEEDED',
    (() => {
      const issuer = below({ pathLength: 0 });
      const last = issue({ subject: named('Second'), issuer, keyNumber: 5 });
      return { sent: [server({ issuer: last }), last, issuer] as const };
    })(),
  ),
  shape('a path that just fits', 'trusted', 'trusted', under({ pathLength: 0 })),
  shape('two intermediates', 'trusted', 'trusted', { sent: [server({ issuer: second }), second, middle] }),
  shape('a critical extension of a server', 'unhandled-extension', 'unhandled critical extension', {
    sent: [server({ more: [CRITICAL] }), middle],
  }),
  shape(
    'a critical extension of an intermediate',
    'unhandled-extension',
    'unhandled critical extension',
    under({ more: [CRITICAL] }),
  ),
  shape(
    'a critical extension of a root',
    'unhandled-extension',
    'unhandled critical extension',
    underRoot({ more: [CRITICAL] }),
  ),
  shape(
    'critical policyConstraints, which Go before 1.24 does not know',
    'unhandled-extension',
    'trusted',
    under({ more: [EXPLICIT_POLICY] }),
  ),
  shape('a server for clients only', 'not-for-servers', 'INVALID_PURPOSE', {
    sent: [server({ extendedKeyUsage: [CLIENT_AUTH] }), middle],
  }),
  shape('a server for any purpose', 'trusted', 'INVALID_PURPOSE', {
    sent: [server({ extendedKeyUsage: [ANY] }), middle],
  }),
  shape('an intermediate for email only', 'not-for-servers', 'INVALID_PURPOSE', under({ extendedKeyUsage: [EMAIL] })),
  shape('an intermediate for servers', 'trusted', 'trusted', under({ extendedKeyUsage: [SERVER_AUTH] })),
  shape('a root for email only', 'not-for-servers', 'INVALID_PURPOSE', underRoot({ extendedKeyUsage: [EMAIL] })),
  shape('a server whose key may only agree on keys', 'trusted', 'trusted', {
    sent: [server({ keyUsage: 0x08 }), middle],
  }),
  shape('a server whose key may only sign certificates', 'trusted', 'INVALID_PURPOSE', {
    sent: [server({ keyUsage: 0x04 }), middle],
  }),
];

const directory = name(['O', utf8('Acme')]).toString('hex');
const CONSTRAINT_SHAPES: readonly Shape[] = [
  shape('a permitted name', 'trusted', 'trusted', under({ constraints: { permitted: ['DNS:example.com'] } })),
  shape(
    'a name that is not permitted',
    'forbidden-name',
    'permitted subtree violation',
    under({ constraints: { permitted: ['DNS:example.org'] } }),
  ),
  shape(
    'a name that ends like a permitted one',
    'forbidden-name',
    'permitted subtree violation',
    under({ constraints: { permitted: ['DNS:ample.com'] } }),
  ),
  shape(
    'a second name that is not permitted',
    'forbidden-name',
    'permitted subtree violation',
    under({ constraints: { permitted: ['DNS:example.com'] } }, { names: [`DNS:${HOST}`, 'DNS:example.org'] }),
  ),
  shape(
    'an excluded name',
    'forbidden-name',
    'excluded subtree violation',
    under({ constraints: { excluded: ['DNS:.example.com'] } }),
  ),
  shape(
    'a wildcard beside an excluded name',
    'forbidden-name',
    'trusted',
    under({ constraints: { excluded: ['DNS:mail.example.com'] } }, { names: ['DNS:*.example.com'] }),
  ),
  shape(
    'constraints of a root',
    'forbidden-name',
    'permitted subtree violation',
    underRoot({ constraints: { permitted: ['DNS:example.org'] } }),
  ),
  shape(
    'an address outside of the range',
    'forbidden-name',
    'permitted subtree violation',
    under({ constraints: { permitted: ['IP:10.0.0.0/255.0.0.0'] } }, { names: [`DNS:${HOST}`, 'IP:127.0.0.1'] }),
  ),
  shape(
    'an address inside of the range',
    'trusted',
    'trusted',
    under({ constraints: { permitted: ['IP:10.0.0.0/255.0.0.0'] } }, { names: [`DNS:${HOST}`, 'IP:10.1.2.3'] }),
  ),
  shape(
    'critical constraints of directory names',
    'unhandled-extension',
    'trusted',
    under({ constraints: { permitted: [`dirName:${directory}`] } }, { subject: named(HOST, ['O', utf8('Acme')]) }),
  ),
  shape(
    'constraints of directory names that are not critical',
    'trusted',
    'trusted',
    under(
      { constraints: { permitted: [`dirName:${directory}`], isCritical: false } },
      { subject: named(HOST, ['O', utf8('Acme')]) },
    ),
  ),
  shape(
    'an email address that is not permitted',
    'forbidden-name',
    'permitted subtree violation',
    under({ constraints: { permitted: ['email:example.com'] } }, { names: [`DNS:${HOST}`, 'email:me@example.org'] }),
  ),
  shape(
    'a malformed name beside a permitted one',
    'forbidden-name',
    'trusted',
    under({ constraints: { permitted: ['DNS:example.com'] } }, { names: [`DNS:${HOST}`, 'DNS:a..example.com'] }),
  ),
  shape('two intermediates, one for email, one for other names', 'forbidden-name', 'INVALID_PURPOSE', {
    sent: [server(), below({ extendedKeyUsage: [EMAIL] }), below({ constraints: { permitted: ['DNS:example.org'] } })],
  }),
  shape(
    'a URI that is not permitted',
    'forbidden-name',
    'permitted subtree violation',
    under(
      { constraints: { permitted: ['URI:.example.com'] } },
      { names: [`DNS:${HOST}`, 'URI:https://example.org/x'] },
    ),
  ),
];

const KEY_SHAPES: readonly Shape[] = [
  shape('a server signed with SHA-1', 'unknown-authority', 'CA signature digest algorithm too weak', {
    sent: [server({ signature: 'sha1' }), middle],
  }),
  shape(
    'an intermediate signed with SHA-1',
    'unknown-authority',
    'CA signature digest algorithm too weak',
    under({ signature: 'sha1' }),
  ),
  shape('a root signed with SHA-1', 'trusted', 'trusted', underRoot({ signature: 'sha1' })),
  shape(
    'a server signed with MD5',
    'unknown-authority',
    'CA signature digest algorithm too weak',
    underRoot({ key: 'RSA 2048' }, { signature: 'md5' }),
  ),
  shape('a server signed with SHA-384', 'trusted', 'trusted', { sent: [server({ signature: 'sha384' }), middle] }),
  shape(
    'a root of RSA with 1000 bits',
    'unknown-authority',
    'CA certificate key too weak',
    underRoot({ key: 'RSA 1000' }),
  ),
  shape('a root of RSA with 1024 bits', 'trusted', 'CA certificate key too weak', underRoot({ key: 'RSA 1024' })),
  shape('a server of RSA with 1000 bits', 'small-rsa-key', 'EE certificate key too weak', {
    sent: [server({ key: 'RSA 1000' }), middle],
  }),
  shape('a server of RSA with 1024 bits', 'trusted', 'EE certificate key too weak', {
    sent: [server({ key: 'RSA 1024' }), middle],
  }),
  shape('a server of RSA with 2048 bits', 'trusted', 'trusted', { sent: [server({ key: 'RSA 2048' }), middle] }),
  shape('a root that signs with RSA-PSS', 'trusted', 'trusted', underRoot({ key: 'RSA 2048' }, { signature: 'pss' })),
  shape('a root that signs with RSA-PSS and a short salt', 'unknown-authority', 'trusted', {
    ...underRoot({ key: 'RSA 2048' }, { signature: 'pss-20' }),
  }),
  shape('a root whose key is for RSA-PSS only', 'unknown-authority', 'trusted', underRoot({ key: 'RSA-PSS' })),
  shape('a root of Ed25519', 'trusted', 'trusted', underRoot({ key: 'Ed25519' })),
  shape('a server of Ed25519', 'trusted', 'trusted', { sent: [server({ key: 'Ed25519' }), middle] }),
  shape('a signature of Ed25519 with parameters', 'unknown-authority', 'trusted', {
    ...underRoot({ key: 'Ed25519' }, { algorithm: sequence(oid('1.3.101.112'), nothing) }),
  }),
  shape('a root of Ed448', 'unknown-authority', 'trusted', underRoot({ key: 'Ed448' })),
  shape('a stranger with a key of 8223 bits beside the chain', 'large-rsa-key', 'trusted', {
    sent: [server(), middle, issue({ subject: named('Large'), issuer: root, publicKeyInfo: LARGE_RSA })],
  }),
];

const NEGATIVE = { serial: [0x80, 1] };
const CRITICAL_KEY_ID = extension({ id: '2.5.29.14', isCritical: true, value: octets(octets(Buffer.from('id'))) });
const UNREADABLE_SHAPES: readonly Shape[] = [
  shape('a server with a negative serial number', 'unreadable', 'trusted', { sent: [server(NEGATIVE), middle] }),
  shape('an intermediate with a negative serial number', 'unreadable', 'trusted', under(NEGATIVE)),
  shape('a stranger with a negative serial number beside the chain', 'unreadable', 'trusted', {
    sent: [server(), middle, below({ subject: named('Stranger'), ...NEGATIVE })],
  }),
  shape('a root with a negative serial number', 'unknown-authority', 'trusted', underRoot(NEGATIVE)),
  shape('a root on a curve of brainpool', 'unknown-authority', 'trusted', underRoot({ key: 'brainpool' })),
  shape('an intermediate with a critical key identifier', 'unreadable', 'unhandled critical extension', {
    ...under({ keyIds: 'none', more: [CRITICAL_KEY_ID] }, { keyIds: 'none' }),
  }),
  shape('a root with a name that is not printable', 'unreadable', 'trusted', {
    ...underRoot({ subject: name(['CN', printable('Root_1')]) }),
  }),
];

/** Servers of all kinds, and what Go and OpenSSL say of them. */
export const SHAPES: readonly Shape[] = [
  ...NAME_SHAPES,
  ...CHAIN_SHAPES,
  ...AUTHORITY_SHAPES,
  ...CONSTRAINT_SHAPES,
  ...KEY_SHAPES,
  ...UNREADABLE_SHAPES,
];
