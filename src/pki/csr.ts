import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { ATTRIBUTE_TYPES, type SubjectAttribute } from './subject.ts';

/** The only door to node-forge, which builds requests. Keys and signatures are Node's, which are native and fast. */

/**
 * Creates a certificate signing request (PKCS#10, RFC 2986), signed with SHA-256.
 * @returns PEM, ending in a newline
 */
export async function createCsr(key: KeyObject, subject: readonly SubjectAttribute[]): Promise<string> {
  const { asn1, pki } = forge;
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;
  const request = pki.createCertificationRequest() as Request;
  request.publicKey = pki.publicKeyFromPem(publicKey);
  request.setSubject(subject.map(forgeAttribute));
  request.signatureOid = request.siginfo.algorithmOid = pki.oids['sha256WithRSAEncryption'] as string;
  request.certificationRequestInfo = (pki as Internals).getCertificationRequestInfo(request);
  const signed = Buffer.from(asn1.toDer(request.certificationRequestInfo).getBytes(), 'latin1');
  request.signature = (await promisify(sign)('sha256', signed, key)).toString('latin1');
  return pki.certificationRequestToPem(request).replaceAll('\r\n', '\n');
}

/** What node-forge's type declarations lack. */
interface Request extends forge.pki.CertificateSigningRequest {
  certificationRequestInfo: forge.asn1.Asn1;
  signatureOid: string;
  siginfo: { algorithmOid: string };
  signature: string;
}
type Internals = typeof forge.pki & { getCertificationRequestInfo(request: Request): forge.asn1.Asn1 };

/** Encodes an attribute as PrintableString or IA5String if RFC 5280 (appendix A.1) requires it, else as UTF8String. */
function forgeAttribute({ type, value }: SubjectAttribute): forge.pki.CertificateField {
  const { Type } = forge.asn1;
  const tag = { C: Type.PRINTABLESTRING, serialNumber: Type.PRINTABLESTRING, emailAddress: Type.IA5STRING }[
    type as string
  ];
  return { type: ATTRIBUTE_TYPES[type], value, valueTagClass: (tag ?? Type.UTF8) as never };
}
