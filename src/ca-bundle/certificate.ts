import { createHash, X509Certificate } from 'node:crypto';

/** A certificate, as far as trust stores are concerned. */
export interface Certificate {
  readonly der: Buffer;
  /** `CN=…, O=…` on one line, without control characters. */
  readonly subject: string;
  /** SHA-256 of the DER: `AB:CD:…`. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whether it may sign certificates: basicConstraints says CA, and keyUsage, if any, allows it (RFC 5280, 4.2.1). */
  readonly isCa: boolean;
  /** Whether it is signed with its own key: a root. */
  readonly isRoot: boolean;
  /** Modulus length in bits; `undefined` for other kinds of key. */
  readonly rsaBits: number | undefined;
}

/** Reads one certificate in DER. @returns `undefined` where it is none, or has bytes behind its end */
export function readCertificate(der: Buffer): Certificate | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(der);
  } catch {
    return undefined;
  }
  // X509Certificate reads past what it does not need: bytes behind the end have to be looked for.
  if (certificate.raw.length !== der.length) return undefined;
  return {
    der,
    subject: oneLine(certificate.subject || '(no subject)'),
    fingerprint: certificate.fingerprint256,
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    isCa: certificate.ca,
    isRoot: certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey),
    rsaBits: certificate.publicKey.asymmetricKeyDetails?.modulusLength,
  };
}

/** What tells certificates apart: the digest of their bytes, cheaper than reading them. */
export function fingerprintOf(der: Uint8Array): string {
  const digest = createHash('sha256').update(der).digest('hex').toUpperCase();
  return digest.match(/../g)?.join(':') ?? '';
}

/** A name from a certificate may hold anything: nothing in it may end a comment line or drive a terminal. */
function oneLine(subject: string): string {
  return subject.replaceAll('\n', ', ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}
