import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { tlv, toPem } from '../certificate.ts';
import {
  bits,
  boolean,
  context,
  contextText,
  extension,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  time,
} from '../certificate-shapes/encode.ts';

/** Kinds of keys that servers and their authorities have. */
const MAKERS = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'RSA 2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA 1024': () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  'RSA 1000': () => generateKeyPairSync('rsa', { modulusLength: 1000 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
  'RSA-PSS': () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
  Ed448: () => generateKeyPairSync('ed448'),
  brainpool: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
} as const;

export type KeyName = keyof typeof MAKERS;
const pairs = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();

/** Returns a key pair, the same one for the same name and number. */
export function keysOf(key: KeyName, number = 0): { publicKey: KeyObject; privateKey: KeyObject } {
  const known = pairs.get(`${key} ${number}`) ?? MAKERS[key]();
  pairs.set(`${key} ${number}`, known);
  return known;
}

/** A certificate to issue; what is left out is as a sound authority has it, or a sound server if it has `names`. */
export interface Issue {
  /** The encoded subject. */
  readonly subject: Buffer;
  readonly key?: KeyName;
  readonly keyNumber?: number;
  /** Itself if left out. */
  readonly issuer?: Issued | undefined;
  /** The name that it has for its issuer, if that is not the issuer's own. */
  readonly issuerName?: Buffer;
  readonly signature?: 'sha256' | 'sha384' | 'sha1' | 'md5' | 'pss' | 'pss-20' | 'broken';
  /** The AlgorithmIdentifier that it has for its signature, if that is not the usual one. */
  readonly algorithm?: Buffer;
  readonly days?: readonly [number, number];
  readonly version?: 1 | 3;
  readonly serial?: readonly number[];
  /** `undefined`: no basicConstraints at all. */
  readonly isCa?: boolean | undefined;
  readonly pathLength?: number;
  /** The octets of keyUsage; `undefined`: none. */
  readonly keyUsage?: number | undefined;
  readonly extendedKeyUsage?: readonly string[];
  readonly names?: readonly Name[] | undefined;
  readonly areNamesCritical?: boolean;
  readonly constraints?: Constraints;
  readonly keyIds?: 'right' | 'wrong' | 'none';
  /** Instead of the key's own: an encoded SubjectPublicKeyInfo. */
  readonly publicKeyInfo?: Buffer;
  /** Encoded extensions. */
  readonly more?: readonly Buffer[];
}

/** A name of subjectAltName, or a constraint: `DNS:www.example.com`, `IP:10.0.0.1`, `dirName:` and an encoded name in hex. */
export type Name = `${'DNS' | 'IP' | 'email' | 'URI' | 'dirName' | 'RID'}:${string}`;

export interface Constraints {
  readonly permitted?: readonly Name[];
  readonly excluded?: readonly Name[];
  readonly isCritical?: boolean;
}

export interface Issued {
  readonly der: Buffer;
  readonly pem: string;
  readonly subject: Buffer;
  readonly key: KeyName;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The time at which all these certificates are judged. */
export const NOW = new Date(Math.floor(Date.now() / 1000) * 1000);
const DAY = 86_400_000;

/** Issues a certificate. */
export function issue(request: Issue): Issued {
  const { subject, key = 'P-256', keyNumber = 0, version = 3, days = [-100, 100], serial = [1, 2, 3] } = request;
  const { publicKey, privateKey } = keysOf(key, keyNumber);
  const signer = request.issuer ?? { key, privateKey, publicKey, subject };
  const signature = request.signature ?? 'sha256';
  const { algorithm = algorithmOf(signer.key, signature) } = request;
  const [notBefore, notAfter] = days.map((count) => time(new Date(NOW.getTime() + count * DAY))) as [Buffer, Buffer];
  const signed = sequence(
    ...(version === 3 ? [context(0, integer(2))] : []),
    integer(...serial),
    algorithm,
    request.issuerName ?? signer.subject,
    sequence(notBefore, notAfter),
    subject,
    request.publicKeyInfo ?? spki(publicKey),
    ...(version === 3 ? [context(3, sequence(...extensionsOf(request, publicKey, signer.publicKey)))] : []),
  );
  const value = signatureOf(signer, signature, signed);
  const der = sequence(signed, algorithm, bits(0, ...value));
  return { der, pem: toPem(der), subject, key, privateKey, publicKey };
}

function extensionsOf(request: Issue, publicKey: KeyObject, signerKey: KeyObject): readonly Buffer[] {
  const isServer = request.names !== undefined;
  const isCa = 'isCa' in request ? request.isCa : !isServer;
  const keyUsage = 'keyUsage' in request ? request.keyUsage : isServer ? 0x80 : 0x06;
  const { extendedKeyUsage, names, constraints, keyIds = 'right', pathLength } = request;
  const extensions: Buffer[] = [];
  const add = (id: string, value: Buffer, isCritical = false) => extensions.push(extension({ id, isCritical, value }));
  if (isCa !== undefined) {
    const length = pathLength === undefined ? [] : [integer(pathLength)];
    add('2.5.29.19', sequence(...(isCa ? [boolean(true)] : []), ...length), true);
  }
  if (keyUsage !== undefined) add('2.5.29.15', bits(0, keyUsage), true);
  if (extendedKeyUsage) add('2.5.29.37', sequence(...extendedKeyUsage.map(oid)));
  if (names) add('2.5.29.17', sequence(...names.map(generalName)), request.areNamesCritical);
  if (constraints) add('2.5.29.30', constraintsOf(constraints), constraints.isCritical ?? true);
  if (keyIds !== 'none') {
    add('2.5.29.14', octets(keyIdOf(publicKey)));
    const issuerId = keyIds === 'right' ? keyIdOf(signerKey) : Buffer.from('wrong');
    add('2.5.29.35', sequence(tlv(0x80, issuerId)));
  }
  return [...extensions, ...(request.more ?? [])];
}

function constraintsOf({ permitted = [], excluded = [] }: Constraints): Buffer {
  const subtrees = (names: readonly Name[]) => names.map((name) => sequence(generalName(name)));
  return sequence(
    ...(permitted.length > 0 ? [context(0, ...subtrees(permitted))] : []),
    ...(excluded.length > 0 ? [context(1, ...subtrees(excluded))] : []),
  );
}

function generalName(name: Name): Buffer {
  const [, kind, value = ''] = /^(\w+):(.*)$/s.exec(name) ?? [];
  if (kind === 'IP') return tlv(0x87, octetsOf(value));
  if (kind === 'dirName') return context(4, Buffer.from(value, 'hex'));
  if (kind === 'RID') return tlv(0x88, oid(value).subarray(2));
  return contextText({ email: 1, DNS: 2, URI: 6 }[kind as 'email'], value);
}

/** `10.0.0.0/255.0.0.0`, `10.0.0.1`, or hexadecimal. */
function octetsOf(address: string): Buffer {
  if (!address.includes('.')) return Buffer.from(address, 'hex');
  return Buffer.from(address.split(/[./]/).map(Number));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1').update(spki(key)).digest();
}

const SHA_256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing);
/** RSASSA-PSS with SHA-256 and a salt of so many octets (RFC 4055, 3.1). */
const pss = (salt: number) =>
  sequence(
    oid('1.2.840.113549.1.1.10'),
    sequence(
      context(0, SHA_256),
      context(1, sequence(oid('1.2.840.113549.1.1.8'), SHA_256)),
      context(2, integer(salt)),
    ),
  );
const RSA = { md5: 4, sha1: 5, sha256: 11, sha384: 12, pss: 10, 'pss-20': 10, broken: 11 } as const;
const ECDSA = {
  md5: '4.1',
  sha1: '4.1',
  sha256: '4.3.2',
  sha384: '4.3.3',
  pss: '4.3.2',
  'pss-20': '4.3.2',
  broken: '4.3.2',
} as const;

function algorithmOf(key: KeyName, signature: NonNullable<Issue['signature']>): Buffer {
  if (key === 'Ed25519') return sequence(oid('1.3.101.112'));
  if (key === 'Ed448') return sequence(oid('1.3.101.113'));
  if (signature === 'pss-20') return pss(20);
  if (key === 'RSA-PSS' || (signature === 'pss' && key.startsWith('RSA'))) return pss(32);
  if (key.startsWith('RSA')) return sequence(oid(`1.2.840.113549.1.1.${RSA[signature]}`), nothing);
  return sequence(oid(`1.2.840.10045.${ECDSA[signature]}`));
}

function signatureOf(
  { key, privateKey }: Pick<Issued, 'key' | 'privateKey'>,
  signature: NonNullable<Issue['signature']>,
  signed: Buffer,
): Buffer {
  const data = signature === 'broken' ? Buffer.concat([signed, Buffer.from('x')]) : signed;
  if (key === 'Ed25519' || key === 'Ed448') return sign(null, data, privateKey);
  const isEc = key.startsWith('P-') || key === 'brainpool';
  const digest =
    signature === 'sha384' || signature === 'sha1' ? signature : !isEc && signature === 'md5' ? 'md5' : 'sha256';
  const isPss = key === 'RSA-PSS' || (signature.startsWith('pss') && !isEc);
  const padding = isPss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: signature === 'pss-20' ? 20 : 32 }
    : {};
  return sign(isPss ? 'sha256' : digest, data, { key: privateKey, ...padding });
}
