/** The line that begins a block: Go removes one CR, then spaces and tabs (getLine). Its name must be this one exactly. */
const BEGIN_CERTIFICATE = /(?<![^\n])-----BEGIN CERTIFICATE-----[ \t]*\r?\n/g;
const REST_OF_END_LINE = /CERTIFICATE-----[ \t]*(?:\r?\n|$)/y;

/**
 * Finds the certificates that Go reads from a PEM text, as Terraform does: what `CertPool.AppendCertsFromPEM` passes to
 * `ParseCertificate`, which wants exactly one DER value.
 *
 * A block counts if it begins and ends at the start of a line, has no headers, and only base64 with correct padding in it
 * (go:src/encoding/pem/pem.go, `Decode`; go:src/crypto/x509/cert_pool.go). Go 1.25.2 and newer look for the END line first,
 * older versions for the BEGIN line; a block that counts here is found by both.
 * @param text bytes as Latin-1
 * @returns the content of the blocks, in order
 */
export function certificatesReadByGo(text: string): readonly Buffer[] {
  const found: Buffer[] = [];
  let end = -1;
  BEGIN_CERTIFICATE.lastIndex = 0;
  for (let begin = BEGIN_CERTIFICATE.exec(text); begin; begin = BEGIN_CERTIFICATE.exec(text)) {
    const start = BEGIN_CERTIFICATE.lastIndex;
    if (end < start) end = text.indexOf('\n-----END ', start - 1);
    if (end < 0) break;
    // Another BEGIN before the END is not base64. Looking for it first keeps many of them from being decoded in vain.
    const next = text.indexOf('-----BEGIN ', start);
    const isCutOff = end < start || (next >= 0 && next < end);
    const bytes = isCutOff || hasHeader(text, start) ? undefined : decode(text.slice(start, end));
    REST_OF_END_LINE.lastIndex = end + '\n-----END '.length;
    if (bytes && REST_OF_END_LINE.test(text)) found.push(bytes);
  }
  return found;
}

function hasHeader(text: string, start: number): boolean {
  return text.slice(start, text.indexOf('\n', start)).includes(':');
}

/** Decodes base64 as Go does (go:src/encoding/base64/base64.go): line ends count for nothing, padding is required. */
function decode(body: string): Buffer | undefined {
  const base64 = body.replace(/[ \t\r\n]+/g, '');
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  return isBase64 ? Buffer.from(base64, 'base64') : undefined;
}
