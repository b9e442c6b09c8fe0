import { rootCertificates } from 'node:tls';

/** The CA certificates that Node brings along, which are Mozilla's. PEM, one each. */
export function nodeRootCertificates(): readonly string[] {
  return rootCertificates;
}
