import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readFileIfExists, readWhole } from '../files/read.ts';
import { writeFileWhole } from '../files/write.ts';
import { describeFailure, type HttpClient, readBody } from '../http/index.ts';
import { launcherStateFolder } from './newest-seen.ts';
import type { SigningKey } from './openpgp.ts';

/** How to find the signing key. */
export interface KeyRequest {
  /** Hexadecimal, upper case. */
  readonly fingerprint: string;
  /** A file that contains the key, to use instead of the kept one and the key server. */
  readonly file?: string | undefined;
  /** The base URL of a key server with the API of keys.openpgp.org. */
  readonly server: string;
  /** Where the key is kept. Default: in this user's state directory. */
  readonly folder?: string | undefined;
  /** Whether to ask the key server even if a usable key is kept: for a revocation, or a subkey that is new. */
  readonly mustAsk?: boolean;
}

/** The signing key, and where it was found. */
export interface FoundKey {
  readonly signingKey: SigningKey;
  readonly origin: string;
  /** Whether it was kept from an earlier run. */
  readonly isKept: boolean;
  readonly warnings: readonly string[];
}

/**
 * Finds the signing key: in the given file, else the kept one, else on the key server. What the server sends is kept,
 * together with what was kept before, so that a revocation stays. The server is asked again only for a key that has
 * expired, since its expiry may have been extended. If the server cannot be reached, the kept key is used.
 *
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` for a different key; `SPACECTL_UNREACHABLE`, `SPACECTL_CANNOT_READ`
 */
export async function findSigningKey(request: KeyRequest, client: HttpClient, signal: AbortSignal): Promise<FoundKey> {
  const { fingerprint, file, server, mustAsk = false } = request;
  const { mergeKeys, readSigningKey } = await import('./openpgp.ts');
  if (file !== undefined) {
    const signingKey = await readSigningKey(await readWhole(file), fingerprint, file);
    return { signingKey, origin: file, isKept: false, warnings: [] };
  }
  const keptFile = fileOf(request);
  const kept = await readKept(keptFile, fingerprint);
  if (kept && !mustAsk && (kept.isRevoked || !isExpired(kept))) {
    return { signingKey: kept, origin: keptFile, isKept: true, warnings: [] };
  }
  try {
    const url = `${server}/vks/v1/by-fingerprint/${fingerprint}`;
    const bytes = await fetchKey(url, client, signal);
    const fetched = await readSigningKey(bytes, fingerprint, url);
    const merged = kept && (await mergeKeys(fetched, kept));
    await keep(keptFile, merged?.armored ?? bytes);
    return { signingKey: merged?.signingKey ?? fetched, origin: url, isKept: false, warnings: [] };
  } catch (error) {
    if (!kept || !(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
    const warnings = [`${error.message}. Using the key that was kept, ${keptFile}`];
    return { signingKey: kept, origin: keptFile, isKept: true, warnings };
  }
}

/**
 * Returns the public bytes of the signing key, armored, if a usable one is given or kept. It asks no key server.
 * @throws UserError as `findSigningKey` for a file
 */
export async function keptSigningKey({
  file,
  ...request
}: Pick<KeyRequest, 'fingerprint' | 'file' | 'folder'>): Promise<string | undefined> {
  const { armor, readSigningKey } = await import('./openpgp.ts');
  if (file !== undefined) return armor(await readSigningKey(await readWhole(file), request.fingerprint, file));
  const kept = await readKept(fileOf(request), request.fingerprint);
  return kept && !kept.isRevoked && !isExpired(kept) ? armor(kept) : undefined;
}

function fileOf({ folder, fingerprint }: Pick<KeyRequest, 'folder' | 'fingerprint'>): string {
  return path.join(folder ?? launcherStateFolder(), `${fingerprint}.asc`);
}

function isExpired({ expiresAt }: SigningKey): boolean {
  return expiresAt !== undefined && expiresAt.getTime() < Date.now();
}

async function readKept(file: string, fingerprint: string): Promise<SigningKey | undefined> {
  const bytes = await readFileIfExists(file).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  });
  if (!bytes) return undefined;
  const { readSigningKey } = await import('./openpgp.ts');
  try {
    return await readSigningKey(bytes, fingerprint, file);
  } catch (error) {
    // A damaged file is ignored.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Keeps the key. Failures, such as a read-only home directory, are ignored. */
async function keep(file: string, bytes: Uint8Array | string): Promise<void> {
  await writeFileWhole(file, Buffer.from(bytes), { mode: 0o644, mayReplace: true }).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
  });
}

async function fetchKey(url: string, client: HttpClient, signal: AbortSignal): Promise<Buffer> {
  const response = await client.request({ url, signal });
  if (response.status !== 200) {
    throw await describeFailure(response, 'the signing key');
  }
  return readBody(response, { limit: 1024 * 1024 });
}
