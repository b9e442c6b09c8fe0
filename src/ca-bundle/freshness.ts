import { isSystemError, UserError } from '../step/errors.ts';
import type { Planner } from '../step/plan.ts';
import { type Base, type BaseLocation, baseOf } from './base.ts';
import type { CustomCertificate } from './custom.ts';
import { dayOf } from './judge.ts';
import { type Lock, type LockedCertificate, sha256 } from './lock.ts';
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
export async function stateOfSource(lock: Lock, access: Access, planner: Planner): Promise<SourceState> {
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
    base = await baseAgain(lock, access, planner);
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
export async function baseAgain(lock: Lock, access: Access, planner: Planner): Promise<Base> {
  const { parseLocation, parsePlatform } = await import('../oci/index.ts');
  const { image, source } = lock;
  const usual = USUAL_PATHS as readonly string[];
  let location: BaseLocation | undefined;
  if (source === 'file') location = { kind: 'file', path: lock.file?.path ?? '' };
  else if (source !== 'mozilla' && image) location = await parseLocation(image.reference, source);
  const isFast = image?.unverifiedLayers !== undefined;
  return baseOf(
    {
      ...access,
      source,
      // As it was built.
      'all-paths': lock.mountPaths !== undefined,
      verify: isFast ? 'fast' : 'full',
      'allow-unverified': isFast,
      offline: false,
      image: location,
      platform: parsePlatform(image?.platform ?? 'linux/amd64'),
      // Found at a usual path, it may be at another one of them by now.
      'image-path': image && usual.includes(image.path) ? undefined : lock.mountPath,
    },
    planner,
  );
}

/**
 * Finds the custom certificates of a bundle again: in the bundle, or else in the files they came from.
 * @throws UserError `SPACECTL_BAD_DATA` naming the first that is nowhere
 */
export async function customAgain(
  lock: Lock,
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
      const bytes = found.has(fingerprint) ? undefined : await readFileIfThere(source);
      if (bytes) look(bytes, source);
      const certificate = found.get(fingerprint);
      if (certificate) return { ...certificate, source };
      throw new UserError('SPACECTL_BAD_DATA', `${subject} is neither in ${file} nor in ${source} any more`, {
        suggestions: ['spacectl ca-bundle build --ca FILE'],
      });
    }),
  );
}
