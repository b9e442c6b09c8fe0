import type { HttpClient } from '../http/index.ts';
import { digestFor } from './checksums.ts';
import { filesOf, type Release } from './release.ts';
import { findSigningKey, type KeyRequest } from './signing-key.ts';
import type { Source } from './source.ts';

/** What the signed checksums promise of a launcher, and who promises it. */
export interface Promised {
  /** Hexadecimal SHA-256. */
  readonly digest: string;
  readonly signedAt: Date;
  readonly fingerprint: string;
  readonly keyExpiresAt?: Date;
  readonly warnings: readonly string[];
}

/**
 * Finds the digest a launcher must have: from checksums that are signed by the pinned key.
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` wherever the chain from key to digest does not hold; what sources throw
 */
export async function findPromise(
  release: Release,
  source: Source,
  keyRequest: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<Promised> {
  const { launcher, sums: sumsFile, signature: signatureFile } = filesOf(release);
  const sums = await source.readSmall(sumsFile);
  const signature = await source.readSmall(signatureFile);
  const { signingKey, warnings } = await findSigningKey(keyRequest, client, signal);
  const { checkSignature } = await import('./openpgp.ts');
  const signedAt = await checkSignature(sums, signature, signingKey, source.placeOf(sumsFile));
  const { fingerprint, expiresAt } = signingKey;
  const hasRunOut = expiresAt !== undefined && expiresAt.getTime() < Date.now();
  return {
    digest: digestFor(sums, launcher),
    signedAt,
    fingerprint,
    ...(expiresAt && { keyExpiresAt: expiresAt }),
    warnings: hasRunOut
      ? [...warnings, `The signing key ran out on ${expiresAt.toISOString().slice(0, 10)}; it was valid when it signed`]
      : warnings,
  };
}
