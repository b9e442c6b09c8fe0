import { childrenOf, type Element, oidOf, readElement, TAG } from '../der.ts';

/** Reports whether a value has the only length that DER allows (X.690, 10.1): definite, and in as few octets as possible. */
export function hasDerLength({ bytes, content, isIndefinite }: Element): boolean {
  const { length } = content;
  const octets = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : length < 0x1000000 ? 3 : 4;
  return !isIndefinite && bytes.length === 2 + octets + length;
}

/** Reports whether a value, and each value in it, is complete and has a length as in DER, and fulfils a condition. */
export function isDer(element: Element, condition: (element: Element) => boolean = () => true, depth = 0): boolean {
  if (depth > 32 || !hasDerLength(element) || !condition(element)) return false;
  if ((element.tag & 0x20) === 0 || element.content.length === 0) return true;
  const children = childrenOf(element);
  return children.length > 0 && children.every((each) => isDer(each, condition, depth + 1));
}

/** Reads bytes that must be exactly one DER value, of values that fulfil a condition. */
export function readDer(bytes: Buffer, condition?: (element: Element) => boolean): Element | undefined {
  const element = readElement(bytes);
  return element && element.bytes.length === bytes.length && isDer(element, condition) ? element : undefined;
}

/** Reports whether an INTEGER's content has at least one octet, and no needless first one (X.690, 8.3.2). */
export function isInteger({ content: [first, second] }: Element): boolean {
  if (first === undefined || second === undefined) return first !== undefined;
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

/** Reports whether a BIT STRING's content tells its unused bits (X.690, 8.6.2). */
export function isBitString({ content: [unused], content }: Element): boolean {
  return unused !== undefined && unused <= 7 && (content.length > 1 || unused === 0);
}

/** Reports whether the unused bits of a BIT STRING are zero, as DER wants them (X.690, 11.2.1). */
export function hasZeroPadding({ content: [unused = 0], content }: Element): boolean {
  return content.length < 2 || ((content.at(-1) ?? 0) & ((1 << unused) - 1)) === 0;
}

/** Reports whether a value of a universal type is written as that type must be; others are not looked into. */
export function isWellFormed(element: Element): boolean {
  if (element.tag === TAG.integer) return isInteger(element);
  if (element.tag === TAG.bitString) return isBitString(element);
  if (element.tag === TAG.oid) return oidOf(element) !== '';
  if (element.tag === TAG.boolean) return element.content.length === 1;
  if (element.tag === 0x05) return element.content.length === 0;
  // Strings in pieces are BER.
  return element.tag < 0x20 || element.tag >= 0x40 || element.tag === 0x30 || element.tag === 0x31;
}
