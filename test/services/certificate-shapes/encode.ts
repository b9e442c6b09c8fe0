import { tlv } from '../certificate.ts';

/** Writers of DER values (X.690) for certificates of shapes that no program makes. */
export const sequence = (...parts: readonly Buffer[]) => tlv(0x30, ...parts);
export const set = (...parts: readonly Buffer[]) => tlv(0x31, ...parts);
export const integer = (...octets: readonly number[]) => tlv(0x02, Buffer.from(octets));
export const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const octets = (...parts: readonly Buffer[]) => tlv(0x04, ...parts);
export const bits = (unused: number, ...octetsOf: readonly number[]) => tlv(0x03, Buffer.from([unused, ...octetsOf]));
export const nothing = tlv(0x05);
export const printable = (text: string) => tlv(0x13, Buffer.from(text, 'latin1'));
export const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));
export const ia5 = (text: string) => tlv(0x16, Buffer.from(text, 'latin1'));
export const context = (tag: number, ...parts: readonly Buffer[]) => tlv(0xa0 | tag, ...parts);
export const contextText = (tag: number, text: string) => tlv(0x80 | tag, Buffer.from(text, 'latin1'));

/** An object identifier in dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(0x06, Buffer.from([40 * first + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const digits = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80);
  return digits;
}

/** Object identifiers of attributes of names. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
};

/** A name of attributes with encoded values, in order: `['CN', utf8('Root')]`. */
export function name(...attributes: readonly (readonly [string, Buffer])[]): Buffer {
  return sequence(...attributes.map(([id, value]) => set(sequence(oid(ATTRIBUTES[id] ?? id), value))));
}

/** A time as RFC 5280 (4.1.2.5) wants it: UTCTime before 2050. */
export function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}

export interface ExtensionRequest {
  readonly id: string;
  readonly isCritical?: boolean;
  readonly value: Buffer;
}

/** An Extension (RFC 5280, 4.1): `critical` is left out where it is false, as DER wants it. */
export function extension({ id, isCritical = false, value }: ExtensionRequest): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}
