import type { Found } from '../x509/file-contents.ts';
import type { Inspected } from './inspect.ts';
import { concernsAbout, problemWith } from './judge.ts';

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
