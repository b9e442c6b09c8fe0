import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { cacheFolder } from '../files/cache.ts';
import { readFileIfThere, readWhole } from '../files/read.ts';
import { writeFileWhole } from '../files/write.ts';
import { failedStatus, type HttpClient, readBody } from '../http/index.ts';
import type { SigningKey } from './openpgp.ts';

export interface KeyRequest {
  /** Hexadecimal, upper case. */
  readonly fingerprint: string;
  /** A file that holds the key; the key server is not asked then. */
  readonly file?: string | undefined;
  /** Base URL of a key server of the kind of keys.openpgp.org. */
  readonly server: string;
}

/** The key, and what to tell the user about where it is from. */
export interface FoundKey {
  readonly signingKey: SigningKey;
  readonly origin: string;
  readonly warnings: readonly string[];
}

/** How long a kept key is taken without asking the server whether it was revoked or extended, in milliseconds. */
const FRESH = 24 * 60 * 60 * 1000;

/**
 * Finds the signing key: in the file given, in the cache, or at the key server. A kept key that has run out is asked for
 * again, since its expiry may have been extended; where the server cannot be reached, the kept one counts.
 *
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` for another key; `SPACECTL_UNREACHABLE`, `SPACECTL_CANNOT_READ`
 */
export async function findSigningKey(
  { fingerprint, file, server }: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<FoundKey> {
  const { readSigningKey } = await import('./openpgp.ts');
  if (file !== undefined) {
    return { signingKey: await readSigningKey(await readWhole(file), fingerprint, file), origin: file, warnings: [] };
  }
  const cached = path.join(cacheFolder(), 'signing-keys', `${fingerprint}.asc`);
  const kept = await readKept(cached, fingerprint);
  if (kept?.isFresh) return { signingKey: kept.signingKey, origin: cached, warnings: [] };
  try {
    const url = `${server}/vks/v1/by-fingerprint/${fingerprint}`;
    const bytes = await fetchKey(url, client, signal);
    const signingKey = await readSigningKey(bytes, fingerprint, url);
    await keep(cached, bytes);
    return { signingKey, origin: url, warnings: [] };
  } catch (error) {
    if (!kept || !(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
    return {
      signingKey: kept.signingKey,
      origin: cached,
      warnings: [`${error.message}; the key kept in ${cached} counts`],
    };
  }
}

async function readKept(
  file: string,
  fingerprint: string,
): Promise<{ signingKey: SigningKey; isFresh: boolean } | undefined> {
  const { readSigningKey } = await import('./openpgp.ts');
  const { stat } = await import('node:fs/promises');
  try {
    const bytes = await readFileIfThere(file);
    if (!bytes) return undefined;
    const signingKey = await readSigningKey(bytes, fingerprint, file);
    const age = Date.now() - (await stat(file)).mtimeMs;
    const hasRunOut = signingKey.expiresAt !== undefined && signingKey.expiresAt.getTime() < Date.now();
    return { signingKey, isFresh: age >= 0 && age < FRESH && !hasRunOut && !signingKey.isRevoked };
  } catch (error) {
    // A damaged cache is no cache.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Keeps the key where that is possible: a read-only home is no reason to fail. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await writeFileWhole(file, bytes, { mode: 0o644, mayReplace: true }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
  });
}

async function fetchKey(url: string, client: HttpClient, signal: AbortSignal): Promise<Buffer> {
  const response = await client.request({ url, signal });
  if (response.status !== 200) {
    response.body.destroy();
    throw failedStatus(response, 'the signing key');
  }
  return readBody(response, { limit: 1024 * 1024 });
}
