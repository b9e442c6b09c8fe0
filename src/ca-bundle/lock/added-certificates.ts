import { fingerprintOf, formatCertificate, readPem } from '../../x509/index.ts';
import type { Lock } from './lock.ts';

/**
 * Extracts the custom certificates that a lock file lists from its bundle: PEM, in the bundle's order. Those that the base
 * has too are included, because another base may lack them.
 */
export function addedCertificates(bundle: Uint8Array, { added, inBase = [] }: Lock): Buffer {
  const wanted = new Set([...added, ...inBase].map(({ fingerprint }) => fingerprint));
  const found = readPem(Buffer.from(bundle).toString('latin1')).flatMap(({ bytes }) =>
    bytes && wanted.delete(fingerprintOf(bytes)) ? [formatCertificate(bytes)] : [],
  );
  return Buffer.from(found.join(''));
}
