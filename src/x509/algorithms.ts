import { childrenOf, type Element, oidOf, readElement, TAG } from './der.ts';

const CURVES: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
};

const OTHER_KEYS: Readonly<Record<string, string>> = {
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.2.840.10040.4.1': 'DSA',
};

/** Signature algorithms with a digest that can be forged, by object identifier (RFC 3279, 2.2). */
const WEAK_DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2',
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.3.14.3.2.29': 'SHA-1',
  '1.2.840.10040.4.3': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
};

/** The type of a key. */
export interface KeyKind {
  /** `RSA 2048`, `EC P-256`, `Ed25519`, … */
  readonly name: string;
  readonly rsaBits?: number;
}

/** Reads the type of key from a SubjectPublicKeyInfo. */
export function keyKindOf(publicKey: Element): KeyKind {
  const [algorithm, bits] = childrenOf(publicKey);
  const [id, parameters] = childrenOf(algorithm);
  const kind = oidOf(id);
  if (kind === '1.2.840.10045.2.1') return { name: `EC ${CURVES[oidOf(parameters)] ?? oidOf(parameters)}`.trim() };
  const isRsa = kind === '1.2.840.113549.1.1.1' || kind === '1.2.840.113549.1.1.10';
  if (!isRsa) return { name: OTHER_KEYS[kind] ?? kind };
  // The first octet of a BIT STRING is the number of unused bits.
  const [modulus] = childrenOf(bits && readElement(bits.content.subarray(1)));
  const rsaBits = modulus?.tag === TAG.integer ? bitLength(modulus.content) : 0;
  return { name: `RSA ${rsaBits}`, rsaBits };
}

/** Returns the digest of a signature algorithm if it is weak. */
export function weakDigestOf(signature: string): string | undefined {
  return WEAK_DIGESTS[signature];
}

function bitLength(integer: Buffer): number {
  const first = integer.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (integer.length - first) * 8 - (Math.clz32(integer[first] as number) - 24);
}
