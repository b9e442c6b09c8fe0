import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { cacheFolder } from '../files/cache.ts';
import { readFileIfExists, readWhole } from '../files/read.ts';
import { writeFileWhole } from '../files/write.ts';
import { failedStatus, type HttpClient, readBody } from '../http/index.ts';
import type { SigningKey } from './openpgp.ts';

/** How to find the signing key. */
export interface KeyRequest {
  /** Hexadecimal, upper case. */
  readonly fingerprint: string;
  /** A file that contains the key, to use instead of the key server. */
  readonly file?: string | undefined;
  /** The base URL of a key server with the API of keys.openpgp.org. */
  readonly server: string;
}

/** The signing key, and where it was found. */
export interface FoundKey {
  readonly signingKey: SigningKey;
  readonly origin: string;
  readonly warnings: readonly string[];
}

/** How long a cached key is used before the server is asked whether it was revoked or extended, in milliseconds. */
const MAX_AGE = 24 * 60 * 60 * 1000;

/**
 * Finds the signing key: in the given file, in the cache, or on the key server. An expired key in the cache is requested
 * again, since its expiry may have been extended. If the server cannot be reached, the cached key is used.
 *
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` for a different key; `SPACECTL_UNREACHABLE`, `SPACECTL_CANNOT_READ`
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
  const cacheFile = path.join(cacheFolder(), 'signing-keys', `${fingerprint}.asc`);
  const cached = await readCached(cacheFile, fingerprint);
  if (cached?.isFresh) return { signingKey: cached.signingKey, origin: cacheFile, warnings: [] };
  try {
    const url = `${server}/vks/v1/by-fingerprint/${fingerprint}`;
    const bytes = await fetchKey(url, client, signal);
    const signingKey = await readSigningKey(bytes, fingerprint, url);
    await writeCache(cacheFile, bytes);
    return { signingKey, origin: url, warnings: [] };
  } catch (error) {
    if (!cached || !(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
    return {
      signingKey: cached.signingKey,
      origin: cacheFile,
      warnings: [`${error.message}. Using the cached key ${cacheFile}`],
    };
  }
}

async function readCached(
  file: string,
  fingerprint: string,
): Promise<{ signingKey: SigningKey; isFresh: boolean } | undefined> {
  const { readSigningKey } = await import('./openpgp.ts');
  const { stat } = await import('node:fs/promises');
  try {
    const bytes = await readFileIfExists(file);
    if (!bytes) return undefined;
    const signingKey = await readSigningKey(bytes, fingerprint, file);
    const age = Date.now() - (await stat(file)).mtimeMs;
    const isExpired = signingKey.expiresAt !== undefined && signingKey.expiresAt.getTime() < Date.now();
    return { signingKey, isFresh: age >= 0 && age < MAX_AGE && !isExpired && !signingKey.isRevoked };
  } catch (error) {
    // A damaged cache file is ignored.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Writes the key to the cache. Failures, such as a read-only home directory, are ignored. */
async function writeCache(file: string, bytes: Uint8Array): Promise<void> {
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
