import path from 'node:path';
import { sha256 } from '../core/sha256.ts';
import { readFileIfThere } from '../files/read.ts';
import { known } from '../step/content.ts';
import type { FileChange, Planner } from '../step/plan.ts';
import type { Base } from './base/store.ts';
import { type ExtendedBundle, extendBundle } from './bundle.ts';
import type { CustomCertificate } from './custom-certificates.ts';
import { shapeBundle } from './formats.ts';
import { type Format, formatLock, type Lock, type LockedCertificate, lockFileOf, pathInLock } from './lock.ts';
import { readLock } from './read-lock.ts';
import type { SecretPlace, Shaped } from './shaped.ts';

/** What is to be written. */
export interface Target {
  readonly output: string;
  readonly format: Format;
  readonly place: SecretPlace;
}

/**
 * The bundle and its lock file as changes of a plan. A bundle that is there is replaced only if it is the one its lock
 * file speaks of.
 */
export async function bundleChanges(
  base: Base,
  custom: readonly CustomCertificate[],
  target: Target,
  planner: Planner,
): Promise<{ changes: FileChange[]; extended: ExtendedBundle; lock: Lock; shaped: Shaped }> {
  const { output } = target;
  const extended = extendBundle(base.bytes, custom, base.origin);
  const shaped = await shapeBundle(extended.bytes, target.format, output, target.place);
  const lock = lockOf(base, extended, shaped.bytes, target);
  const lockFile = lockFileOf(output);
  const presentLock = await readFileIfThere(lockFile);
  const isOurs = (bytes: Uint8Array) =>
    presentLock !== undefined && readLock(presentLock, lockFile).result.sha256 === sha256(bytes);
  const changes = [
    await planner.file({ path: output, content: known(shaped.bytes), replace: isOurs }),
    await planner.file({
      path: lockFile,
      content: known(formatLock(lock)),
      replace: (bytes) => isLock(bytes, lockFile),
    }),
  ];
  return { changes, extended, lock, shaped };
}

/** What a lock file is to say about a base, whose paths are still as they were given. */
export function notedBase(base: Base, lockFile: string): Base {
  const { provenance } = base;
  const { file, image, source } = provenance;
  const isStored = source === 'archive' || source === 'oci-layout';
  return {
    ...base,
    provenance: {
      ...provenance,
      ...(file && { file: { path: pathInLock(file.path, lockFile) } }),
      ...(image && isStored && { image: { ...image, reference: pathInLock(image.reference, lockFile) } }),
    },
  };
}

function lockOf({ bytes, provenance }: Base, extended: ExtendedBundle, result: Buffer, target: Target): Lock {
  const { baseCertificates, added, inBase } = extended;
  const { mountPath, ...origin } = provenance;
  const { format, output, place } = target;
  const { name, namespace } = place;
  const certificates = baseCertificates + added.length;
  return {
    version: 1,
    ...origin,
    mountPath,
    base: { sha256: sha256(bytes), certificates: baseCertificates },
    result: { file: path.basename(output), sha256: sha256(result), certificates },
    ...(format !== 'pem' && { format }),
    ...(format === 'secret-manifest' && { secret: { name, ...(namespace && { namespace }) } }),
    added: added.map(lockedCertificate),
    ...(inBase.length > 0 && { inBase: inBase.map(lockedCertificate) }),
  };
}

function lockedCertificate({ subject, fingerprint, notAfter, source }: CustomCertificate): LockedCertificate {
  return { subject, fingerprint, notAfter: notAfter.toISOString(), source };
}

function isLock(bytes: Uint8Array, file: string): boolean {
  try {
    readLock(bytes, file);
    return true;
  } catch {
    return false;
  }
}
