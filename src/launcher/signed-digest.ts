import type { HttpClient } from '../http/index.ts';
import { digestFor } from './checksums.ts';
import { filesOf, type Release } from './release.ts';
import { type FoundKey, findSigningKey, type KeyRequest } from './signing-key.ts';
import type { Source } from './source.ts';

/** A launcher's digest from the signed checksums. */
export interface SignedDigest {
  /** Hexadecimal SHA-256. */
  readonly digest: string;
  readonly signedAt: Date;
  readonly fingerprint: string;
  readonly keyExpiresAt?: Date;
  readonly warnings: readonly string[];
}

/**
 * Finds the digest of a launcher in checksums that are signed by the pinned key.
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` if the key, the signature or the checksums are not valid; what the source
 *   throws
 */
export async function findSignedDigest(
  release: Release,
  source: Source,
  keyRequest: KeyRequest,
  client: HttpClient,
  signal: AbortSignal,
): Promise<SignedDigest> {
  const { launcher, sums: sumsFile, signature: signatureFile } = filesOf(release);
  const sums = await source.readSmall(sumsFile);
  const signature = await source.readSmall(signatureFile);
  const { hasSigner, verifySignature } = await import('./openpgp.ts');
  const origin = source.locationOf(sumsFile);
  let found: FoundKey = await findSigningKey(keyRequest, client, signal);
  // A subkey may have been added since the key was kept.
  if (found.isKept && !(await hasSigner(signature, found.signingKey, origin))) {
    found = await findSigningKey({ ...keyRequest, mustAsk: true }, client, signal);
  }
  const { signingKey, warnings } = found;
  const signedAt = await verifySignature(sums, signature, signingKey, origin);
  const { fingerprint, expiresAt } = signingKey;
  const isExpired = expiresAt !== undefined && expiresAt.getTime() < Date.now();
  return {
    digest: digestFor(sums, launcher),
    signedAt,
    fingerprint,
    ...(expiresAt && { keyExpiresAt: expiresAt }),
    warnings: isExpired
      ? [
          ...warnings,
          `The signing key expired on ${expiresAt.toISOString().slice(0, 10)}, after it signed the launcher`,
        ]
      : warnings,
  };
}
