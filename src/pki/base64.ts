import { UserError } from '../core/errors.ts';

/** Base64 (RFC 4648, section 4) on one line, without a newline: the same text on every system. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * The bytes that base64 text stands for: the exact inverse of `encodeBase64`. One line ending after the text is
 * tolerated, since editors and `echo` add one; anything else that is not canonical base64 is refused.
 * @throws UserError `SPACECTL_BAD_DATA` that says where the text stops being base64, and shows none of it
 */
export function decodeBase64(encoded: Uint8Array): Buffer {
  const text = Buffer.from(encoded)
    .toString('latin1')
    .replace(/\r?\n$/, '');
  const wrong = text.search(/[^A-Za-z0-9+/=]/);
  if (wrong >= 0) throw notBase64(`${describeByte(text.charCodeAt(wrong))} at offset ${wrong}`);
  const padding = text.indexOf('=');
  if (text.length % 4 !== 0) throw notBase64(`${text.length} characters are not a multiple of four: it is cut off`);
  if (padding >= 0 && !/^={1,2}$/.test(text.slice(padding)))
    throw notBase64(`padding at offset ${padding}, before the end`);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw notBase64('its last character has bits that stand for nothing');
  return bytes;
}

/** Names a byte without showing it: what was given may be a secret. */
function describeByte(byte: number): string {
  if (byte === 10 || byte === 13) return 'a line break';
  if (byte === 32 || byte === 9) return 'white space';
  if (byte === 45 || byte === 95) return 'a character of the URL-safe alphabet';
  return 'a character outside the alphabet';
}

function notBase64(what: string): UserError {
  return new UserError('SPACECTL_BAD_DATA', `Not base64: ${what}`, {
    suggestions: ['Give one line as made by: spacectl keypair encode FILE'],
  });
}
