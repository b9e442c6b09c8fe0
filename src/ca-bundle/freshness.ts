import { isSystemError, UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import type { Planner } from '../step/plan.ts';
import type { Access } from './base/inputs.ts';
import type { Base } from './base/store.ts';
import { customOf, type Lock } from './lock.ts';
import { dayOf } from './policy.ts';
import { baseAgain } from './rebuild.ts';

/** One reason why a bundle is stale; `kind` for programs, `message` for people. */
export interface Reason {
  readonly kind: 'bundle-missing' | 'bundle-altered' | 'source-gone' | 'base-changed' | 'addition-expires';
  readonly message: string;
}

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
    const { openOptions } = await import('./base/image-base.ts');
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
