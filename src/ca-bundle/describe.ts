import type { Found } from '../x509/index.ts';
import { problemWith, warningsAbout } from './policy.ts';

/** An entry of a bundle: a certificate, or something else. */
export interface Inspected {
  /** Its number in the file, starting at 1. */
  readonly position: number;
  /** `ca.pem: block 2 (line 35)` */
  readonly place: string;
  /** Missing if the entry is not a certificate. */
  readonly certificate?: {
    readonly subject: string;
    readonly issuer: string;
    readonly isRoot: boolean;
    readonly key: string;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly fingerprint: string;
  };
  /** Where it comes from: `added`, or the base (`image`, `mozilla`, …); missing if that is unknown. */
  readonly origin?: string;
  /** Why `ca-bundle build` would reject it. */
  readonly rejected?: string;
  readonly warnings: readonly string[];
}

/** Describes an entry of a bundle as data. */
export function describeEntry(
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
    warnings: warningsAbout(certificate, now).filter((warning) => warning !== rejected?.message),
  };
}
