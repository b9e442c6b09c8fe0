import { X509Certificate } from 'node:crypto';
import { fieldsOf } from './certificate-fields.ts';

/** Reports whether a certificate is signed with the key of another one. Both are DER. */
export function isSignedBy(certificate: Buffer, issuer: Buffer): boolean {
  try {
    return new X509Certificate(certificate).verify(new X509Certificate(issuer).publicKey);
  } catch {
    return false;
  }
}

/** Reports whether OpenSSL takes one certificate for the issuer of another: by name, key identifier and key usage. */
export function isIssuedBy(certificate: Buffer, issuer: Buffer): boolean {
  return new X509Certificate(certificate).checkIssued(new X509Certificate(issuer));
}

/** Reports whether two certificates have the same name for a subject and an issuer, but encode it in different ways. */
export function encodesNameOtherwise(certificate: Buffer, issuer: Buffer): boolean {
  const [child, parent] = [fieldsOf(certificate), fieldsOf(issuer)];
  return child !== undefined && parent !== undefined && !child.issuer.equals(parent.subject);
}

/** Returns the host names and addresses of a certificate's subjectAltName. */
export function alternativeNamesOf(der: Buffer): readonly string[] {
  const { subjectAltName = '' } = new X509Certificate(der);
  return subjectAltName.split(', ').flatMap((each) => /^(?:DNS|IP Address):([\w.*:-]+)$/.exec(each)?.[1] ?? []);
}

/** Returns the common name of a certificate, if it can be the name of a host. */
export function commonNameOf(der: Buffer): string | undefined {
  return /^CN=([\w.*:-]+)$/m.exec(new X509Certificate(der).subject)?.[1];
}
