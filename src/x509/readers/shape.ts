import { createPublicKey } from 'node:crypto';
import { childrenOf, type Element, oidOf, TAG, timeOf } from '../der.ts';
import { type Key, keyOf } from './keys.ts';
import { isWellFormed, readDer } from './strict-der.ts';

/** An extension (RFC 5280, 4.2), its value still encoded. */
export interface Extension {
  readonly id: string;
  readonly isCritical: boolean;
  /** The octet of `critical`: 0xff for TRUE in DER; missing where it is left out. */
  readonly criticalOctet: number | undefined;
  readonly value: Buffer;
}

/** An attribute of a name. */
export interface Attribute {
  readonly id: string;
  readonly value: Element;
}

/** A certificate as its readers see it: the structure of RFC 5280 (4.1), checked strictly; nothing is judged yet. */
export interface Shape {
  /** As it is written: 0 for version 1. Its octets may be out of range. */
  readonly version: Element | undefined;
  readonly serial: Element;
  /** The AlgorithmIdentifiers inside and outside of what is signed. */
  readonly inner: Element;
  readonly outer: Element;
  readonly issuer: Element;
  readonly subject: Element;
  readonly issuerAttributes: readonly Attribute[];
  readonly subjectAttributes: readonly Attribute[];
  readonly keyAlgorithm: Element;
  /** The BIT STRING of the key. */
  readonly keyBits: Element;
  readonly key: Key;
  readonly uniqueIds: readonly Element[];
  /** `undefined` where there is not even an empty list. */
  readonly extensions: readonly Extension[] | undefined;
}

/** A certificate that is not written as X.509 and DER want it. */
export interface Malformed {
  /** What is wrong, after a colon: "the serial number is not a DER INTEGER". */
  readonly malformed: string;
}

const SET = 0x31;

/** Reads a certificate strictly. It reads nothing into the values of extensions. */
export function shapeOf(der: Buffer): Shape | Malformed {
  const whole = readDer(der, isWellFormed);
  if (whole?.tag !== TAG.sequence) return { malformed: 'it is not DER' };
  const [signed, outer, signature, ...extra] = childrenOf(whole);
  const parts = [...childrenOf(signed)];
  const version = parts[0]?.tag === 0xa0 ? parts.shift() : undefined;
  const [serial, inner, issuer, validity, subject, key, ...optional] = parts;
  const [keyAlgorithm, keyBits, ...extraInKey] = childrenOf(key);
  const [numbers, ...extraInVersion] = childrenOf(version);
  const problems: readonly (readonly [boolean, string])[] = [
    [
      signed?.tag === TAG.sequence && signature?.tag === TAG.bitString && extra.length === 0,
      'its structure is not that of a certificate',
    ],
    [!version || (numbers?.tag === TAG.integer && extraInVersion.length === 0), 'its version is not an INTEGER'],
    [serial?.tag === TAG.integer, 'its serial number is not an INTEGER'],
    [isAlgorithm(inner) && isAlgorithm(outer), 'its signature algorithm is not readable'],
    [isName(issuer), "its issuer's name is not readable"],
    [isName(subject), 'its name is not readable'],
    [isValidity(validity), 'its dates are impossible, or not written as RFC 5280 wants them'],
    [isAlgorithm(keyAlgorithm) && keyBits?.tag === TAG.bitString && extraInKey.length === 0, 'its key is not readable'],
    [isPointOnCurve(key), 'its key is not on its curve'],
    [areOptional(optional), 'what follows its key is not readable'],
  ];
  const problem = problems.find(([isFine]) => !isFine);
  if (problem) return { malformed: problem[1] };
  const present = { serial, inner, outer, issuer, subject, keyAlgorithm, keyBits } as Required<
    Pick<Shape, 'serial' | 'inner' | 'outer' | 'issuer' | 'subject' | 'keyAlgorithm' | 'keyBits'>
  >;
  const list = optional.find(({ tag }) => tag === 0xa3);
  return {
    ...present,
    version: numbers,
    key: keyOf(present.keyAlgorithm, present.keyBits),
    issuerAttributes: attributesOf(present.issuer),
    subjectAttributes: attributesOf(present.subject),
    uniqueIds: optional.filter(({ tag }) => tag !== 0xa3),
    extensions: list && childrenOf(childrenOf(list)[0]).map(extensionOf),
  };
}

function isAlgorithm(element: Element | undefined): boolean {
  const [id, , ...extra] = childrenOf(element);
  return element?.tag === TAG.sequence && id?.tag === TAG.oid && extra.length === 0;
}

/** Reports whether OpenSSL can read a key on P-256, P-384 or P-521; other keys are not looked at. */
function isPointOnCurve(key: Element | undefined): boolean {
  const [algorithm] = childrenOf(key);
  const [, curve] = childrenOf(algorithm);
  if (!key || !COMMON_CURVES.includes(oidOf(curve))) return true;
  try {
    return createPublicKey({ key: key.bytes, format: 'der', type: 'spki' }) !== undefined;
  } catch {
    return false;
  }
}

const COMMON_CURVES: readonly string[] = ['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35'];

function isName(element: Element | undefined): boolean {
  return (
    element?.tag === TAG.sequence &&
    childrenOf(element).every((set) => set.tag === SET && childrenOf(set).every(isAttribute))
  );
}

function isAttribute(element: Element): boolean {
  const [id, value, ...extra] = childrenOf(element);
  return element.tag === TAG.sequence && id?.tag === TAG.oid && value !== undefined && extra.length === 0;
}

function attributesOf(name: Element): readonly Attribute[] {
  return childrenOf(name).flatMap((set) =>
    childrenOf(set).map((attribute) => {
      const [id, value] = childrenOf(attribute) as [Element, Element];
      return { id: oidOf(id), value };
    }),
  );
}

function isValidity(element: Element | undefined): boolean {
  const times = childrenOf(element);
  return element?.tag === TAG.sequence && times.length === 2 && times.every(isPossibleTime);
}

/** Reports whether a time is written with seconds and Z, and is one that exists. */
function isPossibleTime(element: Element): boolean {
  const time = timeOf(element);
  const digits = element.content.toString('latin1').slice(-11, -1);
  return time !== undefined && time.toISOString().replace(/\D/g, '').slice(-13, -3) === digits;
}

/** Checks unique identifiers and the list of extensions: each once, in their order. */
function areOptional(elements: readonly Element[]): boolean {
  const tags = elements.map(({ tag }) => tag);
  const isOrdered = tags.every((tag, index) => [0x81, 0x82, 0xa3].includes(tag) && tag > (tags[index - 1] ?? 0));
  return isOrdered && elements.every((each) => (each.tag === 0xa3 ? isExtensionList(each) : isBitStringContent(each)));
}

function isBitStringContent({ content }: Element): boolean {
  return (content[0] ?? 8) <= 7;
}

function isExtensionList(wrapper: Element): boolean {
  const [list, ...extra] = childrenOf(wrapper);
  return list?.tag === TAG.sequence && extra.length === 0 && childrenOf(list).every(isExtension);
}

function isExtension(element: Element): boolean {
  const [id, ...rest] = childrenOf(element);
  const [critical, value] = rest.length === 2 ? rest : [undefined, ...rest];
  const isCriticalFine = !critical || critical.tag === TAG.boolean;
  return (
    element.tag === TAG.sequence &&
    id?.tag === TAG.oid &&
    rest.length <= 2 &&
    isCriticalFine &&
    value?.tag === TAG.octetString
  );
}

function extensionOf(element: Element): Extension {
  const [id, ...rest] = childrenOf(element);
  const criticalOctet = rest.length === 2 ? rest[0]?.content[0] : undefined;
  const value = rest.at(-1)?.content ?? Buffer.alloc(0);
  return { id: oidOf(id), isCritical: (criticalOctet ?? 0) !== 0, criticalOctet, value };
}

/** The value of an extension; `undefined` where the certificate does not have it. */
export function extensionIn({ extensions }: Shape, id: string): Extension | undefined {
  return extensions?.find((each) => each.id === id);
}

/** Says it if the signature algorithm inside what is signed is not the one outside. */
export function twoAlgorithms({ inner, outer }: Shape): string | undefined {
  return inner.content.equals(outer.content) ? undefined : 'two different signature algorithms, inside and outside';
}
