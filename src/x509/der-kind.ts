import { childrenOf, type Element, oidOf, readElement, TAG } from './der.ts';

/** What users may pass where a certificate is expected. */
export type Kind =
  | 'certificate'
  | 'certificate request'
  | 'revocation list'
  | 'private key'
  | 'public key'
  | 'PKCS#7'
  | 'PKCS#12';

/** PKCS#7's signedData (RFC 2315, 9). */
const SIGNED_DATA = '1.2.840.113549.1.7.2';

/** Recognizes a DER value by its structure. Anything that resembles a certificate counts as one. */
export function kindOf(bytes: Buffer): Kind | undefined {
  const whole = readElement(bytes);
  if (whole?.tag !== TAG.sequence) return undefined;
  const children = childrenOf(whole);
  const [first, second, third] = children;
  if (oidOf(first) === SIGNED_DATA) return 'PKCS#7';
  if (first?.tag === TAG.integer) return kindOfVersioned(first, children);
  // An algorithm with encrypted data (RFC 5208, 6), or with a public key (RFC 5280, 4.1).
  if (oidOf(childrenOf(first)[0]) !== '') return second?.tag === TAG.octetString ? 'private key' : 'public key';
  return third?.tag === TAG.bitString ? kindOfSigned(childrenOf(first)) : undefined;
}

/** Recognizes values that begin with a version: private keys (PKCS#8, PKCS#1, SEC1), PKCS#12, and PKCS#1 public keys. */
function kindOfVersioned(version: Element, children: readonly Element[]): Kind | undefined {
  const [, second, third] = children;
  if (version.content[0] === 3 && second?.tag === TAG.sequence) return 'PKCS#12';
  if (children.length === 2 && second?.tag === TAG.integer) return 'public key';
  const isKey = second?.tag === TAG.octetString || second?.tag === TAG.integer || third?.tag === TAG.octetString;
  return isKey ? 'private key' : undefined;
}

/** Recognizes certificates, requests and revocation lists by the part that is signed. */
function kindOfSigned(parts: readonly Element[]): Kind {
  const [first, second, third, fourth] = parts;
  if (first?.tag === TAG.integer && second?.tag === TAG.sequence && fourth?.tag === 0xa0) {
    return oidOf(childrenOf(childrenOf(third)[0])[0]) === '' ? 'certificate' : 'certificate request';
  }
  // A CertificationRequest without attributes (RFC 2986, 4.1): version, name, key.
  if (parts.length === 3 && first?.tag === TAG.integer) return 'certificate request';
  const hasUpdate = parts.slice(2, 4).some(({ tag }) => tag === 0x17 || tag === 0x18);
  return hasUpdate ? 'revocation list' : 'certificate';
}

/** Returns the encoded certificates in a PKCS#7 signedData (RFC 2315, 9.1). */
export function certificatesOf(pkcs7: Buffer): readonly Buffer[] {
  const [, wrapped] = childrenOf(readElement(pkcs7));
  const signedData = childrenOf(childrenOf(wrapped)[0]);
  const certificates = signedData.find(({ tag }) => tag === 0xa0);
  return childrenOf(certificates)
    .filter(({ tag }) => tag === TAG.sequence)
    .map(({ bytes }) => bytes);
}
