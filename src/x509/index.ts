/** Reads certificates from bytes, in DER and PEM. It does not access files or trust stores. */
export { type Certificate, fingerprintOf, identityOf, readCertificate } from './certificate.ts';
export { fieldsOf } from './certificate-fields.ts';
export { readElement } from './der.ts';
export { contentsOf, type Found } from './file-contents.ts';
export { formatCertificate, readPem } from './pem.ts';
export { certificatesReadByGo } from './pem-readers/go.ts';
export { type OpensslReading, readAsOpenssl } from './pem-readers/openssl.ts';
export { isReadableByOpenssl } from './pem-readers/openssl-certificate.ts';
export { readTidyPem } from './pem-readers/tidy.ts';
export type { Problem } from './problem.ts';
export { rejectsServers, type TrustSettings } from './trust-settings.ts';
