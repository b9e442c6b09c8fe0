import { rootCertificates } from 'node:tls';

/** Returns the CA certificates that are built into Node, which are Mozilla's. PEM, one each. */
export function nodeRootCertificates(): readonly string[] {
  return rootCertificates;
}
