import { childrenOf, type Element, oidOf, readElement, TAG } from './der.ts';

/**
 * What a certificate is trusted for, as OpenSSL appends it to the certificate in blocks called `TRUSTED CERTIFICATE`
 * (openssl:crypto/x509/x_x509a.c, `X509_CERT_AUX`). Only OpenSSL reads it.
 */
export interface TrustSettings {
  /** Object identifiers of the purposes that it is trusted for; `undefined` if it is not limited. */
  readonly trusted: readonly string[] | undefined;
  /** Object identifiers of the purposes that it is rejected for. */
  readonly rejected: readonly string[];
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';
const UTF8_STRING = 0x0c;

/**
 * Reads the trust settings at the end of a `TRUSTED CERTIFICATE`.
 * @param bytes the certificate in DER, and what follows it
 * @returns `undefined` if nothing follows the certificate; `damaged` if OpenSSL cannot read it, and therefore not the whole
 *   file (openssl:crypto/x509/x_x509.c, `d2i_X509_AUX`)
 */
export function readTrustSettings(bytes: Buffer): TrustSettings | 'damaged' | undefined {
  const certificate = readElement(bytes);
  if (!certificate) return 'damaged';
  const { length } = certificate.bytes;
  if (length === bytes.length) return undefined;
  const settings = readElement(bytes, length);
  if (settings?.tag !== TAG.sequence) return 'damaged';
  const parts = [...childrenOf(settings)];
  if (parts.length === 0 && settings.content.length > 0) return 'damaged';
  const next = (tag: number) => (parts[0]?.tag === tag ? parts.shift() : undefined);
  const trusted = purposesIn(next(TAG.sequence));
  const rejected = purposesIn(next(0xa0));
  // A name, a key identifier, and what no program writes.
  for (const tag of [UTF8_STRING, TAG.octetString, 0xa1]) next(tag);
  if (parts.length > 0 || trusted === 'damaged' || rejected === 'damaged') return 'damaged';
  return { trusted, rejected: rejected ?? [] };
}

/**
 * Reports whether OpenSSL rejects TLS servers because of the settings of their CA: they reject the purpose, or list others
 * only (openssl:crypto/x509/x509_trust.c, `obj_trust` with `X509_TRUST_OK_ANY_EKU`).
 */
export function rejectsServers({ trusted, rejected }: TrustSettings): boolean {
  const concerns = (purpose: string) => purpose === SERVER_AUTH || purpose === ANY_PURPOSE;
  return rejected.some(concerns) || (trusted !== undefined && !trusted.some(concerns));
}

function purposesIn(list: Element | undefined): readonly string[] | 'damaged' | undefined {
  if (!list) return undefined;
  const children = childrenOf(list);
  const purposes = children.map(oidOf);
  const isDamaged = purposes.includes('') || (children.length === 0 && list.content.length > 0);
  return isDamaged ? 'damaged' : purposes;
}
