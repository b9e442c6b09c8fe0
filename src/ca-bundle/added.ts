import { fingerprintOf } from './certificate.ts';
import type { Lock } from './lock.ts';
import { formatCertificate, readPem } from './pem.ts';

/** The certificates of a bundle that its lock file says were added, and no others: PEM, in the bundle's order. */
export function addedCertificates(bundle: Uint8Array, { added }: Lock): Buffer {
  const wanted = new Set(added.map(({ fingerprint }) => fingerprint));
  const found = readPem(bundle, 'the bundle').flatMap(({ bytes }) =>
    bytes && wanted.delete(fingerprintOf(bytes)) ? [formatCertificate(bytes)] : [],
  );
  return Buffer.from(found.join(''));
}
