/** Certificates as bytes: DER, PEM, and what a certificate says. Knows nothing of files and trust stores. */
export { type Certificate, fingerprintOf, identityOf, readCertificate } from './certificate.ts';
export { fieldsOf } from './certificate-fields.ts';
export { readElement } from './der.ts';
export { contentsOf, type Found } from './file-contents.ts';
export { countTidy, formatCertificate, readPem } from './pem.ts';
export type { Problem } from './problem.ts';
