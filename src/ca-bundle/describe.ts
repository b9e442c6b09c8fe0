import type { Found } from '../x509/index.ts';
import { concernsAbout, problemWith } from './policy.ts';

/** One thing in a bundle. */
export interface Inspected {
  /** Its number in the file, from 1. */
  readonly position: number;
  /** `ca.pem: block 2 (line 35)` */
  readonly place: string;
  /** Absent where it is no certificate. */
  readonly certificate?: {
    readonly subject: string;
    readonly issuer: string;
    readonly isRoot: boolean;
    readonly key: string;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly fingerprint: string;
  };
  /** Where it came from: `added`, or the base (`image`, `mozilla`, …); absent where nothing tells. */
  readonly origin?: string;
  /** Why `ca-bundle build` would not take it. */
  readonly rejected?: string;
  readonly warnings: readonly string[];
}

/** What there is to say about one thing in a bundle, as data. */
export function describe(
  { place, certificate, problem }: Found,
  position: number,
  originOf: (fingerprint: string) => string | undefined,
): Inspected {
  if (!certificate) return { position, place, rejected: problem?.message ?? '', warnings: [] };
  const { subject, issuer, isRoot, key, notBefore, notAfter, fingerprint } = certificate;
  const now = new Date();
  const rejected = problemWith(certificate, { expired: 'refuse', allowNonCa: false, now });
  const origin = originOf(fingerprint);
  return {
    position,
    place,
    certificate: {
      subject,
      issuer,
      isRoot,
      key: key.name,
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
      fingerprint,
    },
    ...(origin && { origin }),
    ...(rejected && { rejected: rejected.message }),
    warnings: concernsAbout(certificate, now).filter((concern) => concern !== rejected?.message),
  };
}
