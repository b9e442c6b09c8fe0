import { UserError } from '../core/errors.ts';

/** Encodes bytes as base64 (RFC 4648, section 4), on one line and without a newline at the end. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Decodes base64: the exact inverse of `encodeBase64`. One line end after the text is allowed, since editors and `echo`
 * add one. Anything else that is not canonical base64 is rejected.
 * @throws UserError `SPACECTL_BAD_DATA` that says where the text is not base64, and quotes none of it
 */
export function decodeBase64(encoded: Uint8Array): Buffer {
  const text = Buffer.from(encoded)
    .toString('latin1')
    .replace(/\r?\n$/, '');
  const wrong = text.search(/[^A-Za-z0-9+/=]/);
  if (wrong >= 0) throw notBase64(`${describeByte(text.charCodeAt(wrong))} at offset ${wrong}`);
  const padding = text.indexOf('=');
  if (text.length % 4 !== 0)
    throw notBase64(`its ${text.length} characters are not a multiple of four; it may be cut off`);
  if (padding >= 0 && !/^={1,2}$/.test(text.slice(padding)))
    throw notBase64(`padding before the end, at offset ${padding}`);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw notBase64('its last character has unused bits that are not zero');
  return bytes;
}

/** Describes a byte without showing it, since it may be part of a secret. */
function describeByte(byte: number): string {
  if (byte === 10 || byte === 13) return 'a line break';
  if (byte === 32 || byte === 9) return 'white space';
  if (byte === 45 || byte === 95) return 'a character of the URL-safe alphabet';
  return 'a character outside the base64 alphabet';
}

function notBase64(what: string): UserError {
  return new UserError('SPACECTL_BAD_DATA', `Not base64: ${what}`, {
    suggestions: [{ text: 'Pass one line, as printed by', command: 'spacectl keypair encode FILE' }],
  });
}
