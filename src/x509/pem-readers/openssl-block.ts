import type { OpensslLines } from './openssl-lines.ts';

const NOT_CLOSED = 'has no END line of its own';

/**
 * Reads the content of a block from the line after its BEGIN line, as OpenSSL does (openssl:crypto/pem/pem_lib.c,
 * `get_header_and_data`): a blank line separates headers from base64, whose lines must then have 64 characters.
 * @returns the decoded bytes and the headers; or why OpenSSL rejects the block, as the end of a sentence
 */
export function readContent(
  lines: OpensslLines,
  label: string,
): { readonly bytes: Buffer; readonly headers: string } | string {
  const [before, after]: [string[], string[]] = [[], []];
  let state: 'undecided' | 'headers' | 'base64' = 'undecided';
  let isLast = false;
  let followsPartial = false;
  for (let line = lines.next(); line; line = lines.next()) {
    const { text, hasColon, isPartial } = line;
    const isBlank = text === '' && !followsPartial;
    followsPartial = isPartial;
    if (state === 'undecided' && hasColon) state = 'headers';
    if (isBlank && state === 'base64') return 'has blank lines between BEGIN and END';
    if (isBlank) state = 'base64';
    if (text === '') continue;
    if (text.startsWith('-----END ')) {
      if (text !== `-----END ${label}-----`) return NOT_CLOSED;
      const [headers, base64] = state === 'undecided' ? [[], before] : [before, after];
      const bytes = decode(base64.join(''));
      return typeof bytes === 'string' ? bytes : { bytes, headers: headers.join('') };
    }
    if (isLast || (state === 'base64' && text.length > 64))
      return 'has a blank line, and lines of other lengths than 64';
    if (state === 'base64') after.push(text);
    else before.push(text);
    isLast = state === 'base64' && text.length < 64;
  }
  return NOT_CLOSED;
}

/** Decodes base64 as OpenSSL does (openssl:crypto/evp/encode.c, `EVP_DecodeUpdate`): a hyphen ends it. */
function decode(base64: string): Buffer | string {
  const hyphen = base64.indexOf('-');
  const text = (hyphen < 0 ? base64 : base64.slice(0, hyphen)).replace(/[ \t\r\n]+/g, '');
  if (text === '') return 'has no base64, or a blank line after it';
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return 'is not base64';
  return text.length % 4 === 0
    ? Buffer.from(text, 'base64')
    : 'is base64 of the wrong length: characters or padding are missing';
}
