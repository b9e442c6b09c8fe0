/** Reads certificates from bytes, in DER and PEM. It does not access files or trust stores. */
export { type Certificate, fingerprintOf, identityOf, readCertificate } from './certificate.ts';
export { fieldsOf } from './certificate-fields.ts';
export { childrenOf, type Element, oidOf, readElement, TAG } from './der.ts';
export { contentsOf, type Found } from './file-contents.ts';
export { type GoProblem, type GoProblemKind, type GoVerdict, verifyLikeGo } from './go/index.ts';
export { alternativeNamesOf, commonNameOf, encodesNameOtherwise, isIssuedBy, isSignedBy } from './issued.ts';
export { formatCertificate, readPem } from './pem.ts';
export { certificatesReadByGo } from './pem-readers/go.ts';
export { type OpensslReading, readAsOpenssl } from './pem-readers/openssl.ts';
export { isReadableByOpenssl } from './pem-readers/openssl-certificate.ts';
export { readTidyPem } from './pem-readers/tidy.ts';
export type { Problem } from './problem.ts';
export { type Finding, type Judgement, judge, READERS, type Reader, readerName } from './readers/index.ts';
export { rejectsServers, type TrustSettings } from './trust-settings.ts';
