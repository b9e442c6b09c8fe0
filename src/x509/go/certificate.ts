import { keyKindOf } from '../algorithms.ts';
import { childrenOf, type Element, oidOf, readElement, TAG, timeOf } from '../der.ts';

/** An extension of a certificate. */
export interface Extension {
  readonly isCritical: boolean;
  readonly value: Buffer;
}

/** The kinds of keys that Go verifies signatures with, and DSA, which it only reads. */
export type KeyKind = 'RSA' | 'ECDSA' | 'Ed25519' | 'DSA' | 'unknown';

/** A certificate with the fields that Go decides by (golang/go, crypto/x509, `Certificate`). */
export interface GoCertificate {
  readonly der: Buffer;
  /** The part that is signed, encoded. */
  readonly signed: Buffer;
  readonly signature: Buffer;
  readonly signatureAlgorithm: Element;
  readonly version: number;
  /** Encoded names, which Go compares byte for byte. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The encoded SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly keyKind: KeyKind;
  /** 0 for keys that are not RSA. */
  readonly rsaBits: number;
  /** By object identifier. */
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** `getPublicKeyAlgorithmFromOID` in crypto/x509/x509.go. ML-DSA is known since 1.27 only. */
const KEY_KINDS: Readonly<Record<string, KeyKind>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.10045.2.1': 'ECDSA',
  '1.3.101.112': 'Ed25519',
  '1.2.840.10040.4.1': 'DSA',
};

/** Reads a certificate by its structure. It does not judge whether Go would. @returns `undefined` for anything else */
export function readGoCertificate(der: Buffer): GoCertificate | undefined {
  const [tbs, signatureAlgorithm, signature] = childrenOf(readElement(der));
  const parts = [...childrenOf(tbs)];
  const version = parts[0]?.tag === 0xa0 ? 1 + (readElement((parts.shift() as Element).content)?.content[0] ?? 0) : 1;
  const [, , issuer, validity, subject, publicKey, ...optional] = parts;
  const [notBefore, notAfter] = childrenOf(validity).map(timeOf);
  if (!tbs || !signatureAlgorithm || !signature || !issuer || !subject || !publicKey) return undefined;
  if (!notBefore || !notAfter) return undefined;
  const [keyAlgorithm] = childrenOf(publicKey);
  const keyKind = KEY_KINDS[oidOf(childrenOf(keyAlgorithm)[0])] ?? 'unknown';
  return {
    der,
    signed: tbs.bytes,
    // The first octet of a BIT STRING is the number of unused bits.
    signature: signature.content.subarray(1),
    signatureAlgorithm,
    version,
    issuer: issuer.bytes,
    subject: subject.bytes,
    notBefore,
    notAfter,
    publicKey: publicKey.bytes,
    keyKind,
    rsaBits: keyKind === 'RSA' ? (keyKindOf(publicKey).rsaBits ?? 0) : 0,
    extensions: version === 3 ? extensionsOf(optional.find(({ tag }) => tag === 0xa3)) : new Map(),
  };
}

function extensionsOf(wrapper: Element | undefined): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const extension of childrenOf(childrenOf(wrapper)[0])) {
    const [id, ...rest] = childrenOf(extension);
    const value = rest.at(-1);
    const isCritical = rest[0]?.tag === TAG.boolean && rest[0].content[0] !== 0;
    if (value?.tag === TAG.octetString) extensions.set(oidOf(id), { isCritical, value: value.content });
  }
  return extensions;
}
