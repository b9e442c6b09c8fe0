/** An encoded ASN.1 value (X.690). */
export interface Element {
  /** The identifier octet: 0x30 is a SEQUENCE, 0xa0 is the context-specific [0]. */
  readonly tag: number;
  /** The whole encoding, identifier and length included. */
  readonly bytes: Buffer;
  readonly content: Buffer;
  /** Whether it has an indefinite length, which BER allows and DER does not. */
  readonly isIndefinite?: true;
}

/** Identifier octets of universal types. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** More than any certificate needs. */
const MAX_DEPTH = 32;

/**
 * Reads the value at an offset. It may have an indefinite length, which BER allows and PKCS#7 files use.
 * @returns `undefined` if the value is not complete
 */
export function readElement(bytes: Buffer, offset = 0, depth = 0): Element | undefined {
  const [tag, first] = [bytes[offset], bytes[offset + 1]];
  // Tags above 30 take several octets. No structure read here uses them.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || depth > MAX_DEPTH) return undefined;
  if (first === 0x80) return readIndefinite(bytes, offset, depth);
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  const start = offset + 2 + lengthOctets;
  if (lengthOctets > 4 || start > bytes.length) return undefined;
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(offset + 2, lengthOctets);
  const end = start + length;
  if (end > bytes.length) return undefined;
  return { tag, bytes: bytes.subarray(offset, end), content: bytes.subarray(start, end) };
}

/** Reads values until an empty one with tag 0 (X.690, 8.1.5). */
function readIndefinite(bytes: Buffer, offset: number, depth: number): Element | undefined {
  const start = offset + 2;
  for (let end = start; ; ) {
    const element = readElement(bytes, end, depth + 1);
    if (!element) return undefined;
    if (element.tag === 0) {
      return {
        tag: bytes[offset] as number,
        bytes: bytes.subarray(offset, end + 2),
        content: bytes.subarray(start, end),
        isIndefinite: true,
      };
    }
    end += element.bytes.length;
  }
}

/** Returns the values in a constructed value. @returns an empty array if one of them is not complete */
export function childrenOf(element: Element | undefined): readonly Element[] {
  if (!element || (element.tag & 0x20) === 0) return [];
  const children: Element[] = [];
  for (let offset = 0; offset < element.content.length; ) {
    const child = readElement(element.content, offset);
    if (!child) return [];
    children.push(child);
    offset += child.bytes.length;
  }
  return children;
}

/** Formats an object identifier: `2.5.29.19`. @returns an empty string for other values */
export function oidOf(element: Element | undefined): string {
  // The last octet must end an arc, and no arc begins with padding (X.690, 8.19.2).
  if (element?.tag !== TAG.oid || !((element.content.at(-1) ?? 0x80) < 0x80)) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of element.content) {
    if (arc === 0 && octet === 0x80) return '';
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** Parses a UTCTime or GeneralizedTime in the forms that RFC 5280 (4.1.2.5) allows: with seconds, ending in Z. */
export function timeOf(element: Element | undefined): Date | undefined {
  if (element?.tag !== 0x17 && element?.tag !== 0x18) return undefined;
  const text = element.content.toString('latin1');
  const match = /^(\d{2,4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match || match[1]?.length !== (element.tag === 0x17 ? 2 : 4)) return undefined;
  const [year = 0, month = 0, ...rest] = match.slice(1).map(Number);
  const full = element.tag === 0x18 ? year : year + (year < 50 ? 2000 : 1900);
  const [day = 0, hour, minute, second] = rest;
  const time = new Date(Date.UTC(full, month - 1, day, hour, minute, second));
  // `Date.UTC` adds 1900 to years below 100.
  if (full < 100) time.setUTCFullYear(full);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
