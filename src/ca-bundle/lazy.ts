import type { Lock } from './lock/lock.ts';

/** Returns the certificates that were added to a bundle, as PEM. */
export async function addedCertificates(bundle: Uint8Array, lock: Lock): Promise<Buffer> {
  return (await import('./lock/added-certificates.ts')).addedCertificates(bundle, lock);
}

/** Reads a lock file. @throws UserError `SPACECTL_BAD_DATA` */
export async function readLock(bytes: Uint8Array, file: string): Promise<Lock> {
  return (await import('./lock/read-lock.ts')).readLock(bytes, file);
}

/** Returns the answers that the bundle of a directory was built with, by the names of inputs. @throws UserError as `readLock` */
export async function inForceIn(dir: string): Promise<Readonly<Record<string, readonly string[]>>> {
  return (await import('./lock/in-force.ts')).inForceIn(dir);
}
