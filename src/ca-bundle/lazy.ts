import type { Lock } from './lock.ts';

/** The certificates that were added to a bundle, as PEM. */
export async function addedCertificates(bundle: Uint8Array, lock: Lock): Promise<Buffer> {
  return (await import('./added-certificates.ts')).addedCertificates(bundle, lock);
}
