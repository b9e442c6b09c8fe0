import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { readFileIfExists } from '../files/read.ts';
import { known } from '../step/content.ts';
import type { FileChange, Planner } from '../step/plan.ts';
import type { Base } from './base/store.ts';
import { type ExtendedBundle, extendBundle } from './bundle.ts';
import type { CustomCertificate } from './custom/custom-certificates.ts';
import { formatBundle } from './formats/formats.ts';
import type { FormattedBundle, SecretTarget } from './formats/formatted-bundle.ts';
import {
  type Format,
  formatLock,
  isStored,
  type Lock,
  type LockedCertificate,
  type LockedPolicy,
  type LockedSource,
  lockFileOf,
  pathInLock,
} from './lock/lock.ts';
import { readLock } from './lock/read-lock.ts';

/** The file to write. */
export interface Target {
  readonly output: string;
  /** Default: beside it. */
  readonly lockFile?: string;
  readonly format: Format;
  readonly place: Omit<SecretTarget, 'mountPaths'>;
  /** Whether to write the certificates of the base again, so that every program reads them. */
  readonly normalize?: boolean;
}

/** The certificates to add, and where they come from, for the lock file. */
export interface Custom {
  readonly certificates: readonly CustomCertificate[];
  readonly given: readonly LockedSource[];
  readonly policy?: LockedPolicy | undefined;
}

/**
 * Plans the bundle and its lock file. An existing bundle is replaced only if it is the one that its lock file describes.
 */
export async function bundleChanges(
  base: Base,
  custom: Custom,
  target: Target,
  planner: Planner,
): Promise<{ changes: FileChange[]; extended: ExtendedBundle; lock: Lock; shaped: FormattedBundle }> {
  const { output, lockFile = lockFileOf(output) } = target;
  const presentLock = await readFileIfExists(lockFile);
  const present = presentLock && lockIn(presentLock, lockFile);
  const extended = extendBundle(base.bytes, custom.certificates, base.origin, {
    mustNormalize: target.normalize === true,
    // What was left out of a base that was written again is still in the base.
    isKnownSound: !present?.normalize && present?.base.sha256 === sha256(base.bytes),
  });
  const { mountPath, mountPaths = [mountPath] } = base.provenance;
  const shaped = await formatBundle(extended.bytes, target.format, output, { ...target.place, mountPaths });
  const lock = lockOf(base, extended, shaped.bytes, custom, target);
  const isOurs = (bytes: Uint8Array) =>
    presentLock !== undefined && readLock(presentLock, lockFile).result.sha256 === sha256(bytes);
  const other = present && (await errorIfOfAnother(present, lockFile, output));
  const changes = [
    await planner.file({ path: output, content: known(shaped.bytes), replace: isOurs }),
    await planner.file({
      path: lockFile,
      content: known(formatLock(lock)),
      replace: (bytes) => other ?? lockIn(bytes, lockFile) !== undefined,
    }),
  ];
  return { changes, extended, lock, shaped };
}

/** Returns a base with its paths relative to the lock file. */
export function withLockPaths(base: Base, lockFile: string): Base {
  const { provenance } = base;
  const { file, image, source } = provenance;
  return {
    ...base,
    provenance: {
      ...provenance,
      ...(file && { file: { path: pathInLock(file.path, lockFile) } }),
      ...(image && isStored(source) && { image: { ...image, reference: pathInLock(image.reference, lockFile) } }),
    },
  };
}

function lockOf(
  { bytes, provenance }: Base,
  extended: ExtendedBundle,
  result: Buffer,
  { given, policy }: Custom,
  target: Target,
): Lock {
  const { baseCertificates, certificates, added, inBase } = extended;
  const { mountPath, ...origin } = provenance;
  const { format, output, place, normalize } = target;
  const { name, namespace } = place;
  return {
    version: 1,
    ...origin,
    mountPath,
    base: { sha256: sha256(bytes), certificates: baseCertificates },
    result: { file: path.basename(output), sha256: sha256(result), certificates },
    ...(normalize && { normalize }),
    ...(format !== 'pem' && { format }),
    ...(format === 'secret-manifest' && { secret: { name, ...(namespace && { namespace }) } }),
    given,
    ...(policy && { policy }),
    added: added.map(lockedCertificate),
    ...(inBase.length > 0 && { inBase: inBase.map(lockedCertificate) }),
  };
}

function lockedCertificate({ subject, fingerprint, notAfter, source }: CustomCertificate): LockedCertificate {
  return { subject, fingerprint, notAfter: notAfter.toISOString(), source };
}

/** Returns an error if a lock file describes another bundle that exists: `x.crt` and `x.b64` have one lock file. */
async function errorIfOfAnother(lock: Lock, lockFile: string, output: string): Promise<UserError | undefined> {
  const { file = path.basename(output) } = lock.result;
  if (file === path.basename(output) || !(await readFileIfExists(path.join(path.dirname(lockFile), file))))
    return undefined;
  return new UserError('SPACECTL_WOULD_OVERWRITE', `${lockFile} is the lock file of ${file}`, {
    suggestions: ['Pass an --output whose name differs before its extension, or --force to replace the lock file'],
  });
}

/** Reads a lock file; `undefined` if it is not one. */
function lockIn(bytes: Uint8Array, file: string): Lock | undefined {
  try {
    return readLock(bytes, file);
  } catch {
    return undefined;
  }
}
