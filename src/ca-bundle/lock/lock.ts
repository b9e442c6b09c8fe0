import path from 'node:path';
import { portablePath } from '../../core/portable-path.ts';
import type { Client } from '../clients/client.ts';

/** The lock file next to a bundle: what the bundle was built from. Without times, so that equal inputs give equal bytes. */
export interface Lock {
  readonly version: 1;
  readonly source: 'registry' | 'docker' | 'podman' | 'archive' | 'oci-layout' | 'dir' | 'file' | 'mozilla';
  readonly image?: {
    /** For an archive, a layout or a directory, its path relative to the lock file; `-` for standard input. */
    readonly reference: string;
    readonly indexDigest?: string;
    /** Missing for archives of old versions of Docker; for an engine, the digest that it pulled the image by. */
    readonly manifestDigest?: string;
    /** Digest of the image's configuration, for archives and engines that identify images by it. */
    readonly imageId?: string;
    /** `linux/amd64` */
    readonly platform: string;
    /** The path that was read, and the path after links were resolved. */
    readonly path: string;
    readonly resolvedPath: string;
    /** The layer that holds the file; unknown for engines. */
    readonly layer?: string;
    /** The layers that were read to their end and verified, and those of which only the beginning was read. */
    readonly verifiedLayers: readonly string[];
    readonly unverifiedLayers?: readonly string[];
  };
  /** The bundle file that is the base; its path is relative to the lock file. */
  readonly file?: { readonly path: string };
  /** The version of Node whose built-in Mozilla roots are the base. */
  readonly mozilla?: { readonly node: string };
  /** Where a runner container expects the bundle. */
  readonly mountPath: string;
  /**
   * All paths where the bundle must be mounted, if one is not enough: `mountPath`, those that other clients read, and with
   * `--all-paths` those that lead to other files of the image.
   */
  readonly mountPaths?: readonly string[];
  /** Whether `--all-paths` was given. */
  readonly allPaths?: true;
  /** Which clients of the image see the bundle at these paths. Missing if the base is not from an image. */
  readonly clients?: readonly Client[];
  readonly base: { readonly sha256: string; readonly certificates: number };
  /** Whether the certificates of the base were written again: `--normalize`. */
  readonly normalize?: true;
  /** The file that was written: its digest, and how many certificates it has. */
  readonly result: { readonly file?: string; readonly sha256: string; readonly certificates: number };
  /** The format of that file, if it is not PEM, and the Secret that it describes. */
  readonly format?: Exclude<Format, 'pem'>;
  readonly secret?: { readonly name: string; readonly namespace?: string };
  /** What each `--ca` gave, in order. */
  readonly given: readonly LockedSource[];
  /** Which certificates were accepted that are rejected by default. */
  readonly policy?: LockedPolicy;
  readonly added: readonly LockedCertificate[];
  /** Custom certificates that the base has too: another base may lack them. */
  readonly inBase?: readonly LockedCertificate[];
}

/** A custom certificate, and the path of its file, relative to the lock file. */
export interface LockedCertificate {
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: string;
  readonly source: string;
}

/** What one `--ca` gave: a file, or a folder and the files in it. Neither: standard input, or a pipe. */
export interface LockedSource {
  /** Its path relative to the lock file. */
  readonly folder?: string;
  readonly files: readonly LockedFile[];
}

/** A file that was read: its path relative to the lock file, and the digest that it had. */
export interface LockedFile {
  readonly path: string;
  readonly sha256: string;
}

/** What becomes of certificates that are rejected by default: `--allow-expired` and so on. */
export interface LockedPolicy {
  readonly expired?: 'keep' | 'skip';
  readonly allowNonCa?: true;
  readonly skipNonCa?: true;
}

/** The source of certificates that were read from standard input, or from a pipe. */
export const STANDARD_INPUT = 'standard input';

/** The formats of a bundle: PEM, the same in base64, and the manifest of a Kubernetes Secret. */
export type Format = 'pem' | 'base64' | 'secret-manifest';

/** Default file names in the pool's directory. */
export const BUNDLE_FILE = 'custom-ca-bundle.crt';
export const LOCK_FILE = lockFileOf(BUNDLE_FILE);

/** Returns the path of a bundle's lock file: the bundle's path with another extension. */
export function lockFileOf(bundle: string): string {
  const { dir, name } = path.parse(bundle);
  return path.join(dir, `${name}.lock.json`);
}

/** Lists all custom certificates of a bundle: those that were added, and those that the base has too. */
export function customCertificatesIn(lock: Lock): readonly LockedCertificate[] {
  return [...lock.added, ...(lock.inBase ?? [])];
}

/** Reports whether the path of a base, with the name of an image behind it, is standard input. */
export function isStandardInput(noted: string): boolean {
  return /^-(?:[:@]|$)/.test(noted);
}

/** Reports whether the source of an image is a path: an archive, or a directory. */
export function isStored(source: Lock['source']): boolean {
  return source === 'archive' || source === 'oci-layout' || source === 'dir';
}

/** Makes a path relative to the lock file, unless it is absolute: both can be moved together, also to another system. */
export function pathInLock(given: string, lockFile: string, { isAbsolute, relative, dirname, sep } = path): string {
  if (isStandardInput(given)) return given;
  return portablePath(isAbsolute(given) ? given : relative(dirname(lockFile), given), sep);
}

/** Resolves a path of a lock file. */
export function pathFromLock(noted: string, lockFile: string): string {
  return path.isAbsolute(noted) || isStandardInput(noted) ? noted : path.join(path.dirname(lockFile), noted);
}

/** Formats a lock file. */
export function formatLock(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}
