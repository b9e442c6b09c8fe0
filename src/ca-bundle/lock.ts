import path from 'node:path';

/** What a bundle was made from, beside the bundle. Without times: the same input gives the same bytes. */
export interface Lock {
  readonly version: 1;
  readonly source: 'registry' | 'docker' | 'podman' | 'archive' | 'oci-layout' | 'file' | 'mozilla';
  readonly image?: {
    /** For an archive or layout its path, seen from the lock file's folder. */
    readonly reference: string;
    readonly indexDigest?: string;
    /** Archives of old versions of Docker have none; an engine says what it pulled the image by. */
    readonly manifestDigest?: string;
    /** Digest of the image's configuration, for archives and engines that know images by it. */
    readonly imageId?: string;
    /** `linux/amd64` */
    readonly platform: string;
    /** The path that was looked for, and where links led from it. */
    readonly path: string;
    readonly resolvedPath: string;
    /** The layer that holds the file; engines do not say. */
    readonly layer?: string;
    /** All layers that were read to their end and verified, and those of which only the beginning was read. */
    readonly verifiedLayers: readonly string[];
    readonly unverifiedLayers?: readonly string[];
  };
  /** The bundle file that is the base, seen from the lock file's folder. */
  readonly file?: { readonly path: string };
  /** The program whose built-in Mozilla roots are the base. */
  readonly mozilla?: { readonly node: string };
  /** Where a runner container expects the bundle. */
  readonly mountPath: string;
  /**
   * All paths of the image over which the bundle has to be mounted for every program in it to see it: `mountPath` and
   * those that lead to another file. Only there if it was built with `--all-paths`.
   */
  readonly mountPaths?: readonly string[];
  readonly base: { readonly sha256: string; readonly certificates: number };
  /** The file that was written: its digest, and the certificates in it. */
  readonly result: { readonly file?: string; readonly sha256: string; readonly certificates: number };
  /** The shape of that file, if it is not PEM; and the Secret it describes. */
  readonly format?: Exclude<Format, 'pem'>;
  readonly secret?: { readonly name: string; readonly namespace?: string };
  readonly added: readonly LockedCertificate[];
  /** Custom certificates that the base had already: another base may lack them. */
  readonly inBase?: readonly LockedCertificate[];
}

/** A custom certificate, and the file it came from, seen from the lock file's folder. */
export interface LockedCertificate {
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  readonly source: string;
}

/** The shapes a bundle is written in: PEM, that in base64, and a manifest of a Kubernetes Secret. */
export type Format = 'pem' | 'base64' | 'secret-manifest';

/** Default names in the pool's folder. */
export const BUNDLE_FILE = 'custom-ca-bundle.crt';
export const LOCK_FILE = lockFileOf(BUNDLE_FILE);

/** The lock file of a bundle: its name with another extension. */
export function lockFileOf(bundle: string): string {
  const { dir, name } = path.parse(bundle);
  return path.join(dir, `${name}.lock.json`);
}

/** All custom certificates of a bundle: those that were added, and those that the base had. */
export function customOf(lock: Lock): readonly LockedCertificate[] {
  return [...lock.added, ...(lock.inBase ?? [])];
}

/** A path as a lock file has it: seen from its own folder, unless it was given in full. Both may be moved together. */
export function pathInLock(given: string, lockFile: string): string {
  return path.isAbsolute(given) ? given : path.relative(path.dirname(lockFile), given);
}

/** Where a path of a lock file is. */
export function pathFromLock(noted: string, lockFile: string): string {
  return path.isAbsolute(noted) ? noted : path.join(path.dirname(lockFile), noted);
}

export function formatLock(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}
