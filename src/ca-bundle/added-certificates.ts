import { fingerprintOf, formatCertificate, readPem } from '../x509/index.ts';
import type { Lock } from './lock.ts';

/**
 * The custom certificates of a bundle by its lock file, and no others: PEM, in the bundle's order. Those its base had
 * already are among them, for another base may lack them.
 */
export function addedCertificates(bundle: Uint8Array, { added, inBase = [] }: Lock): Buffer {
  const wanted = new Set([...added, ...inBase].map(({ fingerprint }) => fingerprint));
  const found = readPem(Buffer.from(bundle).toString('latin1')).flatMap(({ bytes }) =>
    bytes && wanted.delete(fingerprintOf(bytes)) ? [formatCertificate(bytes)] : [],
  );
  return Buffer.from(found.join(''));
}
