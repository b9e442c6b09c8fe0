import { childrenOf, type Element, oidOf, TAG } from '../der.ts';
import { hasZeroPadding, isBitString, isInteger } from './strict-der.ts';

/** Reports whether a value is as a type of ASN.1 wants it. `isStrict`: as DER and RFC 5280 want it; otherwise as OpenSSL reads it. */
export type Type = (element: Element, isStrict: boolean) => boolean;

/** A part of a SEQUENCE: the tags with which it may begin (none: any value), and its type. */
interface Part {
  readonly tags: readonly number[];
  readonly type: Type;
  readonly isOptional?: boolean;
}

export const part = (tag: number, type: Type): Part => ({ tags: [tag], type });
export const optional = (tag: number, type: Type): Part => ({ tags: [tag], type, isOptional: true });

export const anything: Type = () => true;
export const oid: Type = (element) => oidOf(element) !== '';
/** A BOOLEAN: DER has 0xff for TRUE; OpenSSL reads any octet. */
export const boolean: Type = ({ content }, isStrict) =>
  content.length === 1 && (!isStrict || content[0] === 0 || content[0] === 0xff);
export const integer: Type = (element) => isInteger(element);
export const bitString: Type = (element, isStrict) => isBitString(element) && (!isStrict || hasZeroPadding(element));
/** Text of IA5String. OpenSSL reads any octets. */
export const ascii: Type = ({ content }, isStrict) =>
  !isStrict || (content.length > 0 && content.every((octet) => octet < 0x80));

/** A SEQUENCE, or an implicitly tagged one, of parts in order. */
export function sequence(...parts: readonly Part[]): Type {
  return (element, isStrict) => {
    const children = childrenOf(element);
    if (element.content.length > 0 && children.length === 0) return false;
    let next = 0;
    for (const { tags, type, isOptional } of parts) {
      const child = children[next];
      const isHere = child !== undefined && (tags.length === 0 || tags.includes(child.tag));
      if (isHere && !type(child, isStrict)) return false;
      if (isHere) next++;
      else if (!isOptional) return false;
    }
    return next === children.length;
  };
}

/** A SEQUENCE OF one type; strictly, with at least one value. */
export function sequenceOf(tag: number | undefined, type: Type): Type {
  return (element, isStrict) => {
    const children = childrenOf(element);
    if (children.length === 0) return element.content.length === 0 && !isStrict;
    return children.every((child) => (tag === undefined || child.tag === tag) && type(child, isStrict));
  };
}

/** One value in an explicit tag. */
export function explicit(tag: number | undefined, type: Type): Type {
  return (element, isStrict) => {
    const [child, ...extra] = childrenOf(element);
    return (
      child !== undefined && extra.length === 0 && (tag === undefined || child.tag === tag) && type(child, isStrict)
    );
  };
}

const attribute = sequence(part(TAG.oid, oid), { tags: [], type: anything });
const relativeName: Type = (element, isStrict) => sequenceOf(TAG.sequence, attribute)(element, isStrict);
const SET = 0x31;
/** A Name (RFC 5280, 4.1.2.4). */
export const nameType: Type = (element) =>
  childrenOf(element).every((set) => set.tag === SET && relativeName(set, false));

const GENERAL_NAMES: Readonly<Record<number, Type>> = {
  // otherName: a type, and any value.
  160: sequence(part(TAG.oid, oid), part(0xa0, explicit(undefined, anything))),
  129: ascii,
  130: ascii,
  // x400Address and ediPartyName are not in use.
  163: (_, isStrict) => !isStrict,
  164: explicit(TAG.sequence, nameType),
  165: (_, isStrict) => !isStrict,
  134: ascii,
  135: anything,
  136: ({ content }) => oidOf({ tag: TAG.oid, content, bytes: content }) !== '',
};

/** A GeneralName (RFC 5280, 4.2.1.6), of which texts may be in pieces in BER. */
export const generalName: Type = (element, isStrict) => {
  const type = GENERAL_NAMES[element.tag];
  if (type) return type(element, isStrict);
  return !isStrict && [0xa1, 0xa2, 0xa6, 0xa7].includes(element.tag);
};
export const generalNames = sequenceOf(undefined, generalName);
export { relativeName, SET };
