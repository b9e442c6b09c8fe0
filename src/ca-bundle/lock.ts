import { createHash } from 'node:crypto';
import path from 'node:path';
import { UserError } from '../step/errors.ts';

/** What a bundle was made from, beside the bundle. Without times: the same input gives the same bytes. */
export interface Lock {
  readonly version: 1;
  readonly source: 'registry' | 'mozilla';
  readonly image?: {
    readonly reference: string;
    readonly indexDigest?: string;
    readonly manifestDigest: string;
    /** `linux/amd64` */
    readonly platform: string;
    /** The path that was looked for, and where links led from it. */
    readonly path: string;
    readonly resolvedPath: string;
    /** The layer that holds the file, and all layers that were read and verified. */
    readonly layer: string;
    readonly verifiedLayers: readonly string[];
  };
  /** The program whose built-in Mozilla roots are the base. */
  readonly mozilla?: { readonly node: string };
  /** Where a runner container expects the bundle. */
  readonly mountPath: string;
  readonly base: { readonly sha256: string; readonly certificates: number };
  readonly result: { readonly sha256: string; readonly certificates: number };
  readonly added: readonly LockedCertificate[];
  /** Custom certificates that the base had already: another base may lack them. */
  readonly inBase?: readonly LockedCertificate[];
}

/** A custom certificate, and the file it came from. */
export interface LockedCertificate {
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  readonly source: string;
}

/** Default names in the pool's folder. */
export const BUNDLE_FILE = 'custom-ca-bundle.crt';
export const LOCK_FILE = lockFileOf(BUNDLE_FILE);

/** The lock file of a bundle: its name with another extension. */
export function lockFileOf(bundle: string): string {
  const { dir, name } = path.parse(bundle);
  return path.join(dir, `${name}.lock.json`);
}

export function formatLock(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** Reads a lock file. @throws UserError `SPACECTL_BAD_DATA` */
export function readLock(bytes: Uint8Array, file: string): Lock {
  let lock: Partial<Lock>;
  try {
    lock = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UserError('SPACECTL_BAD_DATA', `${file} is not JSON`, { cause });
  }
  if (lock?.version === 1 && typeof lock.mountPath === 'string' && typeof lock.result?.sha256 === 'string')
    return lock as Lock;
  throw new UserError('SPACECTL_BAD_DATA', `${file} is not a lock file of this version of spacectl`, {
    suggestions: ['Build the bundle again: spacectl ca-bundle build --force'],
  });
}

/** Hexadecimal SHA-256. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
