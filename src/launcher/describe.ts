import { stat } from 'node:fs/promises';
import { sha256 } from '../core/sha256.ts';
import { readFileIfExists } from '../files/read.ts';
import type { HttpClient } from '../http/index.ts';
import { architectureOf } from './executable.ts';
import { type Architecture, downloadBase, type Release } from './release.ts';
import { findSignedDigest } from './signed-digest.ts';
import { findSigningKey, type KeyRequest } from './signing-key.ts';
import { webSource } from './source.ts';

/** The architectures with a launcher, by the names Node gives them. */
const MACHINES_OF_NODE: Readonly<Record<string, Architecture>> = { x64: 'x86_64', arm64: 'aarch64' };

/** An installed launcher. */
export interface InstalledLauncher {
  readonly sha256: string;
  /** When it was installed. */
  readonly since: Date;
  /** Its age in whole days. */
  readonly days: number;
  readonly isForThisMachine: boolean;
}

/** The state of the key that signs launchers. */
export interface KeyState {
  readonly expiresAt?: Date;
  readonly isRevoked: boolean;
  /** Where the key was found. */
  readonly origin: string;
}

/** Describes an installed launcher by digest and age, since it does not print its version. @returns `undefined` if missing */
export async function describeLauncher(file: string): Promise<InstalledLauncher | undefined> {
  const bytes = await readFileIfExists(file);
  if (!bytes) return undefined;
  const { mtime } = await stat(file);
  return {
    sha256: sha256(bytes),
    since: mtime,
    days: Math.max(0, Math.floor((Date.now() - mtime.getTime()) / (24 * 60 * 60 * 1000))),
    isForThisMachine: architectureOf(bytes) === MACHINES_OF_NODE[process.arch],
  };
}

/** Describes the key that signs launchers, as the key server knows it: it may be revoked by now. @throws UserError as `findSigningKey` */
export async function describeSigningKey(
  request: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<KeyState> {
  const { signingKey, origin } = await findSigningKey({ ...request, mustAsk: true }, client, signal);
  const { expiresAt, isRevoked } = signingKey;
  return { isRevoked, origin, ...(expiresAt && { expiresAt }) };
}

/** The newest launcher at Spacelift. */
export interface NewestLauncher {
  readonly sha256: string;
  readonly signedAt: Date;
}

/** Finds the digest of the newest launcher for this machine, in its signed checksums. @throws UserError as `findSignedDigest` */
export async function describeNewestLauncher(
  { environment, domain }: Pick<Release, 'environment' | 'domain'>,
  request: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<NewestLauncher> {
  const release = { arch: MACHINES_OF_NODE[process.arch] ?? 'x86_64', environment, domain };
  const source = webSource(downloadBase(release, undefined), client, signal);
  const { digest, signedAt } = await findSignedDigest(release, source, request, client, signal);
  return { sha256: digest, signedAt };
}
