import { type Certificate, type Finding, type Found, judge, READERS, type Reader } from '../x509/index.ts';
import { distrustIn, problemWith, warningsAbout } from './custom/policy.ts';
import { findingsAbout, remarkOn } from './custom/reader-remarks.ts';

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
  /** Each follows the subject. */
  readonly warnings: readonly string[];
  /** Who does not trust it, and why, in one line; missing if every reader does. */
  readonly remark?: string;
  /** Whether each reader trusts it as a CA; missing if the entry is not a certificate, or a malformed one. */
  readonly readers?: Readonly<Record<Reader, ReaderVerdict>>;
}

/** What a reader makes of a certificate. */
export type ReaderVerdict =
  | { readonly trusts: true }
  | ({ readonly trusts: false } & Pick<Finding, 'rule' | 'consequence' | 'reason' | 'since' | 'until'>);

/** Describes an entry of a bundle as data. */
export function describeEntry(
  found: Found,
  position: number,
  originOf: (fingerprint: string) => string | undefined,
): Inspected {
  const { place, certificate, problem } = found;
  if (!certificate) return { position, place, rejected: problem?.message ?? '', warnings: [] };
  const { subject, issuer, isRoot, key, notBefore, notAfter, fingerprint } = certificate;
  const now = new Date();
  const rejected = distrustIn(found) ?? problemWith(certificate, { expired: 'refuse', allowNonCa: false, now });
  const origin = originOf(fingerprint);
  const remark = rejected ? undefined : remarkOn(certificate, undefined);
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
    ...(remark && { remark }),
    ...(judge(certificate.der).malformed === undefined && { readers: verdictsOn(certificate) }),
  };
}

function verdictsOn(certificate: Certificate): Readonly<Record<Reader, ReaderVerdict>> {
  const findings = findingsAbout(certificate, undefined);
  const verdicts = READERS.map((each): [Reader, ReaderVerdict] => {
    const finding = findings.find(({ reader }) => reader === each);
    if (!finding) return [each, { trusts: true }];
    const { reader: _, ...rest } = finding;
    return [each, { trusts: false, ...rest }];
  });
  return Object.fromEntries(verdicts) as Record<Reader, ReaderVerdict>;
}
