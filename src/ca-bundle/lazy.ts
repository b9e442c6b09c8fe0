import type { ClientMap } from './clients/map.ts';
import type { LocalImage } from './inspect-image.ts';
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

/** Finds out which clients of an image on this machine see a bundle at some paths. @throws UserError as reading the image */
export async function clientsOnMachine(
  image: LocalImage,
  given: readonly string[],
  signal: AbortSignal,
): Promise<ClientMap> {
  return (await import('./inspect-image.ts')).clientsOnMachine(image, given, signal);
}
