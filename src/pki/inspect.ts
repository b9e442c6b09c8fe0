import type { X509Certificate } from 'node:crypto';
import { dateFrom } from '../core/date.ts';
import { describeEnvironment } from './token-environment.ts';

/** The content of a token that is not secret. */
export interface Inspected {
  readonly environment: ReturnType<typeof describeEnvironment>;
  readonly endpoint?: string;
  readonly certificates: readonly {
    readonly subject: string;
    readonly issuer: string;
    readonly expires: string;
    readonly hasExpired: boolean;
  }[];
  /** Whether it was issued for the key; absent if there is no key, or no certificate in the token, to compare. */
  readonly belongsToKey?: boolean;
  readonly key?: string;
}

/**
 * Returns what a worker pool token contains that is not secret, and whether it was made for a key.
 * @param key the private key to compare it with
 * @throws UserError `SPACECTL_BAD_TOKEN`; as `checkKeyMatch`
 */
export async function inspectToken(
  bytes: Uint8Array,
  key?: { readonly name: string; readonly bytes: Buffer },
): Promise<Inspected> {
  const { readToken } = await import('./token.ts');
  const { certificatesIn } = await import('./token-certificates.ts');
  const { checkKeyMatch } = await import('./key-match.ts');
  const token = readToken(bytes);
  const { endpoint } = token;
  const read = certificatesIn(token);
  return {
    environment: describeEnvironment(token),
    ...(endpoint && { endpoint }),
    certificates: describeCertificates(read),
    ...(key && read.length > 0 && { belongsToKey: checkKeyMatch({ key, token: bytes }).belongTogether, key: key.name }),
  };
}

/** Describes the certificates of a token. */
export function describeCertificates(certificates: readonly X509Certificate[]): Inspected['certificates'] {
  return certificates.map(({ subject, issuer, validTo }) => ({
    subject: subject.replaceAll('\n', ', '),
    issuer: issuer.replaceAll('\n', ', '),
    expires: dateFrom(validTo)?.toISOString() ?? validTo,
    hasExpired: Date.parse(validTo) < Date.now(),
  }));
}
