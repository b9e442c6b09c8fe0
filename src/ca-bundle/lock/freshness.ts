import { isSystemError, UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Planner } from '../../step/plan.ts';
import type { Access } from '../base/inputs.ts';
import type { Base } from '../base/store.ts';
import { dayOf } from '../custom/policy.ts';
import { isBaseGone, readBaseAgain } from '../rebuild.ts';
import { customCertificatesIn, type Lock } from './lock.ts';

/** A reason why a bundle is stale; `kind` is for programs. */
export interface Reason {
  readonly kind:
    | 'bundle-missing'
    | 'bundle-altered'
    | 'source-gone'
    | 'base-changed'
    | 'ca-changed'
    | 'ca-added'
    | 'ca-missing'
    | 'addition-expires';
  readonly message: string;
}

/** The state of the source of the base. */
export interface SourceState {
  readonly reason?: Reason;
  /** What does not make the bundle stale: the image has changed, but not its bundle. */
  readonly note?: string;
  /** The current base, if it had to be read. */
  readonly base?: Base;
}

/** Checks whether the bundle is the one that the lock file describes. */
export function stateOfBundle(bytes: Buffer | undefined, file: string, lock: Lock): readonly Reason[] {
  if (!bytes) return [{ kind: 'bundle-missing', message: `${file} does not exist` }];
  if (sha256(bytes) === lock.result.sha256) return [];
  return [{ kind: 'bundle-altered', message: `${file} was changed after it was built` }];
}

/** Finds the custom certificates that have expired, or expire before a time. */
export function expiringAdditions(lock: Lock, before: Date): readonly Reason[] {
  return customCertificatesIn(lock)
    .filter(({ notAfter }) => new Date(notAfter) < before)
    .map(({ subject, notAfter, source }) => {
      const day = dayOf(new Date(notAfter));
      const verb = new Date(notAfter) < new Date() ? 'expired' : 'expires';
      return { kind: 'addition-expires', message: `${subject} (from ${source}) ${verb} on ${day}` };
    });
}

/**
 * Checks whether the base is still the one that the bundle was built from. A registry is asked for the image's digest, with
 * one HEAD request; only if that has changed is the bundle read from the image again.
 */
export async function stateOfSource(
  lock: Lock,
  lockFile: string,
  access: Access,
  planner: Planner,
): Promise<SourceState> {
  const { image } = lock;
  if (image && lock.source === 'registry') {
    const { headManifest, parsePlatform, parseReference } = await import('../../oci/index.ts');
    const { openOptions } = await import('../base/image-base.ts');
    const options = await openOptions(access, parsePlatform(image.platform), planner);
    const now = await headManifest(parseReference(image.reference), options);
    if (!now) return { reason: sourceGone(image.reference) };
    if (now.digest === (image.indexDigest ?? image.manifestDigest)) return {};
  }
  if (isBaseGone(lock))
    return { note: 'The base was read from standard input: whether it has changed since is not known' };
  let base: Base;
  try {
    base = await readBaseAgain(lock, lockFile, access, planner);
  } catch (error) {
    if (!(error instanceof UserError) || !isGone(error)) throw error;
    return { reason: { ...sourceGone(sourceName(lock)), message: error.message } };
  }
  if (sha256(base.bytes) !== lock.base.sha256) {
    return { base, reason: { kind: 'base-changed', message: `${base.origin} has changed` } };
  }
  const hasChanged = base.provenance.image && base.provenance.image.manifestDigest !== image?.manifestDigest;
  return { base, ...(hasChanged && { note: `${sourceName(lock)} has changed, but its bundle is the same` }) };
}

/** The errors for an image or a file that no longer exists. */
const GONE: readonly string[] = ['SPACECTL_NO_IMAGE', 'SPACECTL_NO_BUNDLE'];

/** Reports whether an error means that the source no longer exists. A file that cannot be read still exists. */
function isGone({ code, cause }: UserError): boolean {
  return GONE.includes(code) || (code === 'SPACECTL_CANNOT_READ' && isSystemError(cause, 'ENOENT', 'ENOTDIR'));
}

function sourceGone(reference: string): Reason {
  return { kind: 'source-gone', message: `${reference} no longer exists` };
}

function sourceName({ image, file, source }: Lock): string {
  return image?.reference ?? file?.path ?? source;
}
