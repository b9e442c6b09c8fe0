import { childrenOf, type Element, oidOf, readElement, TAG } from './der.ts';
import { CURVES, KEY_KINDS } from './key-kinds.ts';

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
  /** `RSA 2048`, `RSA-PSS 2048`, `EC P-256`, `Ed25519`, … */
  readonly name: string;
  readonly rsaBits?: number;
}

/** Reads the type of key from a SubjectPublicKeyInfo. */
export function keyKindOf(publicKey: Element): KeyKind {
  const [algorithm, bits] = childrenOf(publicKey);
  const [id, parameters] = childrenOf(algorithm);
  const kind = oidOf(id);
  const curve = oidOf(parameters);
  if (kind === '1.2.840.10045.2.1') return { name: `EC ${CURVES[curve]?.name ?? curve}`.trim() };
  const name = kind === '1.2.840.113549.1.1.1' ? 'RSA' : (KEY_KINDS[kind] ?? kind);
  if (!name.startsWith('RSA')) return { name };
  // The first octet of a BIT STRING is the number of unused bits.
  const [modulus] = childrenOf(bits && readElement(bits.content.subarray(1)));
  const rsaBits = modulus?.tag === TAG.integer ? bitLength(modulus.content) : 0;
  return { name: `${name} ${rsaBits}`, rsaBits };
}

/** Returns the digest of a signature algorithm if it is weak. */
export function weakDigestOf(signature: string): string | undefined {
  return WEAK_DIGESTS[signature];
}

function bitLength(integer: Buffer): number {
  const first = integer.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (integer.length - first) * 8 - (Math.clz32(integer[first] as number) - 24);
}
