import { randomBytes } from 'node:crypto';
import { childrenOf, readElement } from '../../../src/x509/der.ts';
import { tlv } from '../certificate.ts';
import {
  bits,
  boolean,
  context,
  contextText,
  type ExtensionRequest,
  extension,
  integer,
  name,
  octets,
  sequence,
  time,
  utf8,
} from './encode.ts';
import { algorithmOf, type Digest, type KeyName, keyIdOf, publicKeyOf, signWith } from './keys.ts';

/** A certificate authority to make; what is left out is as in a sound root. */
export interface AuthorityRequest {
  readonly key?: KeyName;
  readonly keyNumber?: number;
  readonly digest?: Digest;
  readonly subject?: Buffer;
  /** Default: the subject. */
  readonly issuer?: Buffer;
  /** The content of [0]; `undefined`: none, which is version 1. */
  readonly version?: Buffer | undefined;
  readonly serial?: Buffer;
  readonly validity?: Buffer;
  readonly publicKey?: Buffer;
  /** The AlgorithmIdentifiers inside and outside of what is signed. */
  readonly inner?: Buffer;
  readonly outer?: Buffer;
  /** What stands between key and extensions. */
  readonly uniqueIds?: readonly Buffer[];
  /** Encoded extensions; `undefined`: not even an empty list. */
  readonly extensions?: readonly Buffer[] | undefined;
}

/** An authority, and the key with which it signs. */
export interface Authority {
  readonly title: string;
  readonly der: Buffer;
  readonly key: KeyName;
  readonly keyNumber: number;
}

const DAY = 86_400_000;
export const VALID = sequence(time(new Date(Date.now() - 30 * DAY)), time(new Date(Date.now() + 3650 * DAY)));
export const SUBJECT = name(['O', utf8('Example Corporation')], ['CN', utf8('Example Root CA')]);

export const ID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  issuerNames: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  revocationLists: '2.5.29.31',
  policies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKey: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  purposes: '2.5.29.37',
  anyPolicy: '2.5.29.54',
  authorityInformation: '1.3.6.1.5.5.7.1.1',
} as const;

export const constraints: ExtensionRequest = {
  id: ID.basicConstraints,
  isCritical: true,
  value: sequence(boolean(true)),
};
/** keyCertSign and cRLSign. */
export const usage: ExtensionRequest = { id: ID.keyUsage, isCritical: true, value: bits(1, 0x06) };
export const subjectKey = (publicKey: Buffer): ExtensionRequest => ({
  id: ID.subjectKey,
  value: octets(keyIdOf(publicKey)),
});
export const authorityKey = (publicKey: Buffer): ExtensionRequest => ({
  id: ID.authorityKey,
  value: sequence(tlv(0x80, keyIdOf(publicKey))),
});

/** The extensions of a sound root. */
export function soundExtensions(publicKey: Buffer): readonly Buffer[] {
  return [constraints, usage, subjectKey(publicKey)].map(extension);
}

/** Makes a self-issued certificate. */
export function makeAuthority(title: string, request: AuthorityRequest = {}): Authority {
  const { key = 'P-256', keyNumber = 0, digest = 'sha256', subject = SUBJECT } = request;
  const { publicKey = publicKeyOf(key, keyNumber), uniqueIds = [], validity = VALID } = request;
  const version = 'version' in request ? request.version : integer(2);
  const extensions = 'extensions' in request ? request.extensions : soundExtensions(publicKey);
  const inner = request.inner ?? algorithmOf(key, digest);
  const signed = sequence(
    ...(version ? [context(0, version)] : []),
    request.serial ?? integer(1, ...randomBytes(8)),
    inner,
    request.issuer ?? subject,
    validity,
    subject,
    publicKey,
    ...uniqueIds,
    ...(extensions ? [context(3, sequence(...extensions))] : []),
  );
  const signature = signWith(key, signed, digest, keyNumber);
  const der = sequence(signed, request.outer ?? inner, tlv(0x03, Buffer.from([0]), signature));
  return { title, der, key, keyNumber };
}

/** The key of all servers. */
const LEAF_KEY = 'P-256';
const LEAF_NUMBER = 99;

/** Makes the certificate of a server that an authority has signed, with the authority's name as it stands, byte by byte. */
export function signServer({ der, key, keyNumber }: Authority): Buffer {
  const [signed] = childrenOf(readElement(der));
  const fields = childrenOf(signed);
  const start = fields[0]?.tag === 0xa0 ? 1 : 0;
  const subject = fields[start + 4]?.bytes ?? SUBJECT;
  const publicKey = publicKeyOf(LEAF_KEY, LEAF_NUMBER);
  const tbs = sequence(
    context(0, integer(2)),
    integer(1, ...randomBytes(8)),
    algorithmOf(key),
    subject,
    sequence(time(new Date(Date.now() - DAY)), time(new Date(Date.now() + 90 * DAY))),
    name(['CN', utf8('server.test')]),
    publicKey,
    context(
      3,
      sequence(
        ...[
          { id: ID.basicConstraints, isCritical: true, value: sequence() },
          { id: ID.keyUsage, isCritical: true, value: bits(7, 0x80) },
          { id: ID.purposes, value: sequence(Buffer.from('06082b06010505070301', 'hex')) },
          { id: ID.alternativeNames, value: sequence(contextText(2, 'server.test')) },
          { id: ID.subjectKey, value: octets(keyIdOf(publicKey)) },
          { id: ID.authorityKey, value: sequence(tlv(0x80, subjectKeyOf(fields) ?? keyIdOf(subject))) },
        ].map(extension),
      ),
    ),
  );
  return sequence(tbs, algorithmOf(key), tlv(0x03, Buffer.from([0]), signWith(key, tbs, 'sha256', keyNumber)));
}

/** The key identifier that an authority gives itself, as servers' certificates repeat it. */
function subjectKeyOf(fields: ReturnType<typeof childrenOf>): Buffer | undefined {
  const id = Buffer.from('0603551d0e', 'hex');
  const list = childrenOf(childrenOf(fields.find(({ tag }) => tag === 0xa3))[0]);
  const [, ...rest] = childrenOf(list.find(({ content }) => content.subarray(0, 5).equals(id)));
  const value = rest.at(-1)?.content;
  return value && readElement(value)?.content;
}

/** The private key of all servers, as PEM (PKCS#8). */
export { LEAF_KEY, LEAF_NUMBER };
