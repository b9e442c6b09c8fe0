import { childrenOf, type Element, readElement, TAG } from '../der.ts';
import { ID } from './extension-names.ts';
import {
  anything,
  bitString,
  boolean,
  explicit,
  generalName,
  generalNames,
  integer,
  oid,
  optional,
  part,
  relativeName,
  sequence,
  sequenceOf,
  type Type,
} from './grammar.ts';
import type { Extension } from './shape.ts';
import { readDer } from './strict-der.ts';

interface ExtensionType {
  readonly tag: number;
  readonly type: Type;
}

const seq = (type: Type): ExtensionType => ({ tag: TAG.sequence, type });
/** A path length: strictly, one that fits everyone's integers. */
const pathLength: Type = (element, isStrict) =>
  integer(element, isStrict) && (!isStrict || (element.content.length <= 4 && (element.content[0] ?? 0x80) < 0x80));
/** RFC 5280 (4.2.1.10) has no use for the minimum and the maximum. */
const distance: Type = (element, isStrict) => !isStrict && integer(element, isStrict);
const subtree = sequence({ tags: [], type: generalName }, optional(0x80, distance), optional(0x81, distance));
/** Names in a subjectAltName: addresses have 4 or 16 octets, and what is a URI is plain. */
const alternativeNames: Type = (element, isStrict) =>
  generalNames(element, isStrict) && (!isStrict || childrenOf(element).every(isPlainName));
/** A URI that every reader accepts. Go's own rules (net/url) allow more. */
const PLAIN_URI = /^[a-z][a-z0-9+.-]*:(?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?=[/?#]|$))?[A-Za-z0-9._~\-/?=&,;:@+!$'()*]*$/;

function isPlainName({ tag, content }: Element): boolean {
  if (tag === 0x87) return content.length === 4 || content.length === 16;
  return tag !== 0x86 || PLAIN_URI.test(content.toString('latin1'));
}

/** Address blocks and numbers of autonomous systems (RFC 3779) have no place among servers. */
const unusual: Type = (_, isStrict) => !isStrict;

const distributionPoint = sequence(
  optional(
    0xa0,
    explicit(undefined, (name, isStrict) =>
      name.tag === 0xa0 ? generalNames(name, isStrict) : name.tag === 0xa1 && relativeName(name, isStrict),
    ),
  ),
  optional(0x81, bitString),
  optional(0xa2, generalNames),
);
const qualifiers = sequenceOf(TAG.sequence, sequence(part(TAG.oid, oid), { tags: [], type: anything }));

/** An OCTET STRING, which may be in pieces in BER. */
const keyIdentifier: Type = ({ tag }, isStrict) => !isStrict || tag === 0x80;

/** What stands in the extensions that readers look into: RFC 5280, 4.2; Netscape's nsCertType. */
const TYPES: Readonly<Record<string, ExtensionType>> = {
  [ID.subjectKey]: { tag: TAG.octetString, type: anything },
  [ID.keyUsage]: { tag: TAG.bitString, type: bitString },
  [ID.netscapeType]: { tag: TAG.bitString, type: bitString },
  [ID.basicConstraints]: seq(sequence(optional(TAG.boolean, boolean), optional(TAG.integer, pathLength))),
  [ID.alternativeNames]: seq(alternativeNames),
  [ID.addressBlocks]: seq(unusual),
  [ID.systemNumbers]: seq(unusual),
  [ID.issuerNames]: seq(generalNames),
  [ID.nameConstraints]: seq(
    sequence(optional(0xa0, sequenceOf(TAG.sequence, subtree)), optional(0xa1, sequenceOf(TAG.sequence, subtree))),
  ),
  [ID.revocationLists]: seq(sequenceOf(TAG.sequence, distributionPoint)),
  [ID.policies]: seq(sequenceOf(TAG.sequence, sequence(part(TAG.oid, oid), optional(TAG.sequence, qualifiers)))),
  [ID.policyMappings]: seq(sequenceOf(TAG.sequence, sequence(part(TAG.oid, oid), part(TAG.oid, oid)))),
  [ID.authorityKey]: seq(
    sequence(
      { tags: [0x80, 0xa0], isOptional: true, type: keyIdentifier },
      optional(0xa1, generalNames),
      optional(0x82, integer),
    ),
  ),
  [ID.policyConstraints]: seq(sequence(optional(0x80, integer), optional(0x81, integer))),
  [ID.purposes]: seq(sequenceOf(TAG.oid, oid)),
  [ID.anyPolicy]: { tag: TAG.integer, type: integer },
  [ID.authorityInformation]: seq(
    sequenceOf(TAG.sequence, sequence(part(TAG.oid, oid), { tags: [], type: generalName })),
  ),
  [ID.tlsFeatures]: seq(sequenceOf(TAG.integer, integer)),
};

/** Returns the value of an extension if it is exactly what DER and RFC 5280 want. */
export function strictValueOf({ id, value }: Extension): Element | undefined {
  const known = TYPES[id];
  const element = readDer(value);
  if (!known || !element) return undefined;
  return element.tag === known.tag && known.type(element, true) ? element : undefined;
}

/** Reports whether an extension of a known kind is not exactly what DER and RFC 5280 want. */
export function isIrregular(extension: Extension): boolean {
  return TYPES[extension.id] !== undefined && strictValueOf(extension) === undefined;
}

/**
 * Reports whether OpenSSL cannot read an extension (X509_get_ext_d2i: crypto/asn1/tasn_dec.c, 3.0). It reads BER, and takes
 * no notice of what follows the value.
 */
export function isUnreadableForOpenssl({ id, value }: Extension): boolean {
  const known = TYPES[id];
  const element = readElement(value);
  if (!known) return false;
  // Strings may be in pieces in BER.
  if (element && known.tag !== TAG.sequence && element.tag === (known.tag | 0x20)) return false;
  return !element || element.tag !== known.tag || !known.type(element, false);
}
