import { stat } from 'node:fs/promises';
import { sha256 } from '../core/sha256.ts';
import { readFileIfThere } from '../files/read.ts';
import type { HttpClient } from '../http/index.ts';
import { architectureOf } from './executable.ts';
import type { Architecture } from './release.ts';
import { findSigningKey, type KeyRequest } from './signing-key.ts';

/** The machines there is a launcher for, by the names Node gives them. */
const MACHINES_OF_NODE: Readonly<Record<string, Architecture>> = { x64: 'x86_64', arm64: 'aarch64' };

/** A launcher that is installed. */
export interface InstalledLauncher {
  readonly sha256: string;
  /** When it was put there. */
  readonly since: Date;
  /** Whole days since then. */
  readonly days: number;
  readonly isForThisMachine: boolean;
}

/** The state of the key that signs launchers, and where the key was found. */
export interface KeyState {
  readonly expiresAt?: Date;
  readonly isRevoked: boolean;
  readonly origin: string;
}

/** What an installed launcher is. It does not say its version: its digest and age stand for it. `undefined`: not there. */
export async function describeLauncher(file: string): Promise<InstalledLauncher | undefined> {
  const bytes = await readFileIfThere(file);
  if (!bytes) return undefined;
  const { mtime } = await stat(file);
  return {
    sha256: sha256(bytes),
    since: mtime,
    days: Math.max(0, Math.floor((Date.now() - mtime.getTime()) / (24 * 60 * 60 * 1000))),
    isForThisMachine: architectureOf(bytes) === MACHINES_OF_NODE[process.arch],
  };
}

/** The state of the key that signs launchers. @throws UserError as where a launcher is downloaded */
export async function describeSigningKey(
  request: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<KeyState> {
  const { signingKey, origin } = await findSigningKey(request, client, signal);
  const { expiresAt, isRevoked } = signingKey;
  return { isRevoked, origin, ...(expiresAt && { expiresAt }) };
}
