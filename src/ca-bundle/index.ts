import type { Lock } from './lock.ts';

/** What other nouns may use of this one. */
export { BUNDLE_FILE, LOCK_FILE, type Lock, readLock } from './lock.ts';
export { DEFAULT_RUNNER_IMAGE } from './source-request.ts';

/** The certificates that were added to a bundle, as PEM. */
export async function addedCertificates(bundle: Uint8Array, lock: Lock): Promise<Buffer> {
  return (await import('./added.ts')).addedCertificates(bundle, lock);
}
