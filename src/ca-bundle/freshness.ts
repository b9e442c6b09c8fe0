import { isSystemError, UserError } from '../step/errors.ts';
import type { Planner } from '../step/plan.ts';
import { type Base, type BaseLocation, baseOf } from './base.ts';
import type { CustomCertificate } from './custom.ts';
import { dayOf } from './judge.ts';
import { type Lock, type LockedCertificate, pathFromLock, sha256 } from './lock.ts';
import { type SourceRequest, USUAL_PATHS } from './source-request.ts';

/** One reason why a bundle is stale; `kind` for programs, `message` for people. */
export interface Reason {
  readonly kind: 'bundle-missing' | 'bundle-altered' | 'source-gone' | 'base-changed' | 'addition-expires';
  readonly message: string;
}

/** How the base's source is reached, as for building. */
export type Access = Omit<SourceRequest, 'image' | 'platform' | 'source' | 'offline' | 'image-path'>;

/** What became of the source of the base. */
export interface SourceState {
  readonly reason?: Reason;
  /** Something that is no reason: the image moved, and its bundle did not. */
  readonly note?: string;
  /** The base as it is now, where it had to be read. */
  readonly base?: Base;
}

/** Whether the bundle's file is the one the lock file speaks of. */
export function stateOfBundle(bytes: Buffer | undefined, file: string, lock: Lock): readonly Reason[] {
  if (!bytes) return [{ kind: 'bundle-missing', message: `${file} is not there` }];
  if (sha256(bytes) === lock.result.sha256) return [];
  return [{ kind: 'bundle-altered', message: `${file} was altered since it was built` }];
}

/** Which custom certificates expire before a time, or have expired. */
export function expiringAdditions(lock: Lock, before: Date): readonly Reason[] {
  return customOf(lock)
    .filter(({ notAfter }) => new Date(notAfter) < before)
    .map(({ subject, notAfter, source }) => {
      const day = dayOf(new Date(notAfter));
      const verb = new Date(notAfter) < new Date() ? 'expired' : 'expires';
      return { kind: 'addition-expires', message: `${subject} (from ${source}) ${verb} on ${day}` };
    });
}

/** All custom certificates of a bundle: those that were added, and those that the base had. */
export function customOf(lock: Lock): readonly LockedCertificate[] {
  return [...lock.added, ...(lock.inBase ?? [])];
}

/**
 * Asks whether the base is still the one the bundle was made from. A registry is asked for the image's digest, with one
 * HEAD; only where that has moved is the bundle read out of the image again.
 */
export async function stateOfSource(
  lock: Lock,
  lockFile: string,
  access: Access,
  planner: Planner,
): Promise<SourceState> {
  const { image } = lock;
  if (image && lock.source === 'registry') {
    const { headManifest, parsePlatform, parseReference } = await import('../oci/index.ts');
    const { openOptions } = await import('./image-base.ts');
    const options = await openOptions(access, parsePlatform(image.platform), planner);
    const now = await headManifest(parseReference(image.reference), options);
    if (!now) return { reason: gone(image.reference) };
    if (now.digest === (image.indexDigest ?? image.manifestDigest)) return {};
  }
  let base: Base;
  try {
    base = await baseAgain(lock, lockFile, access, planner);
  } catch (error) {
    if (!(error instanceof UserError) || !isGone(error)) throw error;
    return { reason: { ...gone(sourceName(lock)), message: error.message } };
  }
  if (sha256(base.bytes) !== lock.base.sha256) {
    return { base, reason: { kind: 'base-changed', message: `${base.origin} has changed` } };
  }
  const hasMoved = base.provenance.image && base.provenance.image.manifestDigest !== image?.manifestDigest;
  return { base, ...(hasMoved && { note: `${sourceName(lock)} has moved, but its bundle is the same` }) };
}

/** What an image or a file that is no longer there ends in. */
const GONE: readonly string[] = ['SPACECTL_NO_IMAGE', 'SPACECTL_NO_BUNDLE'];

/** A file that is there and cannot be read is not gone. */
function isGone({ code, cause }: UserError): boolean {
  return GONE.includes(code) || (code === 'SPACECTL_CANNOT_READ' && isSystemError(cause, 'ENOENT', 'ENOTDIR'));
}

function gone(reference: string): Reason {
  return { kind: 'source-gone', message: `${reference} is no longer there` };
}

function sourceName({ image, file, source }: Lock): string {
  return image?.reference ?? file?.path ?? source;
}

/** Gets the base again from where the lock file says it came from. */
export async function baseAgain(lock: Lock, lockFile: string, access: Access, planner: Planner): Promise<Base> {
  const { parsePlatform } = await import('../oci/index.ts');
  const { image, source } = lock;
  const usual = USUAL_PATHS as readonly string[];
  const isFast = image?.unverifiedLayers !== undefined;
  const base = await baseOf(
    {
      ...access,
      source,
      // As it was built.
      'all-paths': lock.mountPaths !== undefined,
      verify: isFast ? 'fast' : 'full',
      'allow-unverified': isFast,
      offline: false,
      image: await locationOf(lock, lockFile),
      platform: parsePlatform(image?.platform ?? 'linux/amd64'),
      // Found at a usual path, it may be at another one of them by now.
      'image-path': image && usual.includes(image.path) ? undefined : lock.mountPath,
    },
    planner,
  );
  const { file, image: found } = base.provenance;
  // Noted again as it was: where it was looked for depends on the working directory.
  return {
    ...base,
    provenance: {
      ...base.provenance,
      ...(file && lock.file && { file: lock.file }),
      ...(found && image && { image: { ...found, reference: image.reference } }),
    },
  };
}

async function locationOf({ source, file, image }: Lock, lockFile: string): Promise<BaseLocation | undefined> {
  if (source === 'file') return { kind: 'file', path: pathFromLock(file?.path ?? '', lockFile) };
  if (source === 'mozilla' || !image) return undefined;
  const { parseLocation } = await import('../oci/index.ts');
  const isStored = source === 'archive' || source === 'oci-layout';
  return parseLocation(isStored ? pathFromLock(image.reference, lockFile) : image.reference, source);
}

/**
 * Finds the custom certificates of a bundle again: in the bundle, or else in the files they came from.
 * @throws UserError `SPACECTL_BAD_DATA` naming the first that is nowhere
 */
export async function customAgain(
  lock: Lock,
  lockFile: string,
  bundle: Buffer | undefined,
  file: string,
): Promise<readonly CustomCertificate[]> {
  const { contentsOf } = await import('./contents.ts');
  const { readFileIfThere } = await import('../files/read.ts');
  const { bundleIn } = await import('./formats.ts');
  const found = new Map<string, CustomCertificate>();
  const look = (bytes: Buffer, name: string) => {
    for (const { certificate } of contentsOf(bytes, name)) {
      if (certificate && !found.has(certificate.fingerprint))
        found.set(certificate.fingerprint, { ...certificate, source: name });
    }
  };
  if (bundle) look(await bundleIn(bundle, lock.format ?? 'pem'), file);
  return Promise.all(
    customOf(lock).map(async ({ fingerprint, subject, source }) => {
      const given = pathFromLock(source, lockFile);
      const bytes = found.has(fingerprint) ? undefined : await readFileIfThere(given);
      if (bytes) look(bytes, given);
      const certificate = found.get(fingerprint);
      if (certificate) return { ...certificate, source };
      throw new UserError('SPACECTL_BAD_DATA', `${subject} is neither in ${file} nor in ${given} any more`, {
        suggestions: ['spacectl ca-bundle build --ca FILE'],
      });
    }),
  );
}
