import { isUtf8 } from 'node:buffer';
import { TAG } from '../der.ts';
import type { Attribute } from './shape.ts';

/** Tags of string types (X.680, 8.4). */
export const STRING = {
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
} as const;

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?*&]*$/;

/**
 * Says why Go cannot read the value of an attribute (golang/go, src/crypto/x509/parser.go, parseASN1String). It takes "*"
 * and "&" for PrintableString.
 */
export function goStringProblem({ value }: Attribute): string | undefined {
  const text = value.content.toString('latin1');
  switch (value.tag) {
    case STRING.printable:
      return PRINTABLE.test(text) ? undefined : `its name has ${shown(text, PRINTABLE)} in a PrintableString`;
    case STRING.numeric:
      return /^[0-9 ]*$/.test(text) ? undefined : 'its name has other characters than digits in a NumericString';
    case STRING.ia5:
      return value.content.every((octet) => octet < 0x80)
        ? undefined
        : 'its name has a non-ASCII character in an IA5String';
    case STRING.utf8:
      return isUtf8(value.content) ? undefined : 'its name is not valid UTF-8';
    case STRING.bmp:
      return isBmp(value.content) ? undefined : 'its name is not a valid BMPString';
    default:
      return undefined;
  }
}

/** Reports whether a value is of a type of string that Go reads in all versions. */
export function isGoString({ value: { tag } }: Attribute): boolean {
  return ([STRING.utf8, STRING.numeric, STRING.printable, STRING.teletex, STRING.ia5, STRING.bmp] as number[]).includes(
    tag,
  );
}

/** Quotes the first character that a set lacks. */
function shown(text: string, set: RegExp): string {
  const character = [...text].find((each) => !set.test(each)) ?? '';
  return character > ' ' && character <= '~' ? `"${character}"` : 'a character outside ASCII';
}

/** Reports whether octets are characters of UCS-2: no surrogates, no code points that are never assigned. */
export function isBmp(content: Buffer): boolean {
  if (content.length % 2 !== 0) return false;
  for (let at = 0; at < content.length; at += 2) {
    const point = content.readUInt16BE(at);
    const isReserved = point >= 0xfffe || (point >= 0xfdd0 && point <= 0xfdef) || (point >= 0xd800 && point <= 0xdfff);
    if (isReserved) return false;
  }
  return true;
}

/**
 * Reports whether OpenSSL can compare a value with others (crypto/x509/x_name.c, asn1_string_canon, 3.0): what it cannot
 * turn into UTF-8, and types that no name has, make it refuse the file.
 */
export function isOpensslString({ value: { tag, content } }: Attribute): boolean {
  if (tag === STRING.utf8) return isUtf8(content);
  if (tag === STRING.bmp) return isBmp(content);
  if (tag === STRING.universal) return content.length % 4 === 0 && isUniversal(content);
  const others: readonly number[] = [
    STRING.printable,
    STRING.teletex,
    STRING.ia5,
    STRING.numeric,
    TAG.bitString,
    TAG.sequence,
  ];
  return others.includes(tag);
}

function isUniversal(content: Buffer): boolean {
  for (let at = 0; at < content.length; at += 4) {
    const point = content.readUInt32BE(at);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
  }
  return true;
}
