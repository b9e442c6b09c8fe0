import { childrenOf, type Element, oidOf, TAG } from '../der.ts';
import { CURVES, type Curve, KEY_KINDS } from '../key-kinds.ts';
import { isInteger, readDer } from './strict-der.ts';

/** A key as readers tell keys apart. */
export interface Key {
  /** `RSA`, `EC`, `RSA-PSS`, `DSA`, `Ed25519`, …; an object identifier for others. */
  readonly kind: string;
  /** The object identifier of the kind. */
  readonly algorithm: string;
  /** The element after the algorithm's identifier. */
  readonly parameters: Element | undefined;
  /** For `EC`: the curve, by name or object identifier; `explicit` where the parameters are written out. */
  readonly curve?: string | undefined;
  /** For `EC`: how the point is written. */
  readonly point?: 'uncompressed' | 'compressed' | 'broken';
  /** For `RSA` and `RSA-PSS`: the bits of the modulus; 0 where the key cannot be read. */
  readonly bits?: number;
  /** For the same: whether the public exponent is above 2^31. */
  readonly hasLargeExponent?: boolean;
}

/** Reads the kind of a key from the parts of a SubjectPublicKeyInfo. */
export function keyOf(keyAlgorithm: Element, keyBits: Element): Key {
  const [id, parameters] = childrenOf(keyAlgorithm);
  const algorithm = oidOf(id);
  const data = keyBits.content.subarray(1);
  if (algorithm === '1.2.840.10045.2.1') {
    const curve = parameters?.tag === TAG.sequence ? 'explicit' : oidOf(parameters);
    return {
      kind: 'EC',
      algorithm,
      parameters,
      curve: CURVES[curve]?.name ?? curve,
      point: pointOf(data, CURVES[curve]),
    };
  }
  // The second is X.509's own, from 1988.
  const isRsa = algorithm === '1.2.840.113549.1.1.1' || algorithm === '2.5.8.1.1';
  if (isRsa || KEY_KINDS[algorithm] === 'RSA-PSS')
    return { kind: isRsa ? 'RSA' : 'RSA-PSS', algorithm, parameters, ...rsaOf(data) };
  // The twelve sets of parameters of SLH-DSA.
  const isSlhDsa = /^2\.16\.840\.1\.101\.3\.4\.3\.(?:2\d|3[01])$/.test(algorithm);
  return { kind: KEY_KINDS[algorithm] ?? (isSlhDsa ? 'SLH-DSA' : algorithm), algorithm, parameters };
}

/** Tells how a point is written (SEC 1, 2.3.3), by its first octet and its length. */
function pointOf(data: Buffer, curve: Curve | undefined): NonNullable<Key['point']> {
  const [form = 0] = data;
  const isLong = curve ? data.length === 1 + 2 * curve.octets : data.length % 2 === 1 && data.length > 1;
  if (form === 4 && isLong) return 'uncompressed';
  return form === 2 || form === 3 || form === 6 || form === 7 ? 'compressed' : 'broken';
}

/** Reads an RSA public key (RFC 8017, A.1.1); 0 bits if it is not one. */
function rsaOf(data: Buffer): Pick<Key, 'bits' | 'hasLargeExponent'> {
  const [modulus, exponent, ...extra] = childrenOf(readDer(data));
  if (modulus?.tag !== TAG.integer || exponent?.tag !== TAG.integer || extra.length > 0) return { bits: 0 };
  const isPositive = [modulus, exponent].every((each) => isInteger(each) && (each.content[0] ?? 0x80) < 0x80);
  const hasLargeExponent = exponent.content.length > 4;
  return { bits: isPositive ? bitsOf(modulus.content) : 0, hasLargeExponent };
}

function bitsOf(integer: Buffer): number {
  const first = integer.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (integer.length - first) * 8 - (Math.clz32(integer[first] as number) - 24);
}

/** Whether parameters are the NULL that RSA wants (RFC 3279, 2.3.1). */
export function isNull(parameters: Element | undefined): boolean {
  return parameters?.tag === 0x05 && parameters.content.length === 0;
}

/** Whether quantum computers could not break a key: ML-DSA and SLH-DSA, which few readers know yet. */
export function isPostQuantum({ kind }: Key): boolean {
  return kind.startsWith('ML-DSA') || kind === 'SLH-DSA';
}

/** Names the kind of a key for messages: `an RSA-PSS key`, `a DSA key`. */
export function describeKind({ kind }: Key): string {
  if (/^[\d.]+$/.test(kind)) return `a key of the unknown kind ${kind}`;
  return `${/^[EMRS]/.test(kind) ? 'an' : 'a'} ${kind} key`;
}
