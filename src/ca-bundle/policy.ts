import type { Certificate, Problem } from '../x509/index.ts';

/** What to do with certificates that do not belong into a trust store. */
export interface Policy {
  readonly expired: 'refuse' | 'keep' | 'skip';
  readonly allowNonCa: boolean;
  readonly now: Date;
}

const DAY = 24 * 60 * 60 * 1000;
const SOON = 30 * DAY;

/** Why a certificate is past or before its time; `undefined` where it is valid now. */
export function whyNotValid({ notBefore, notAfter }: Certificate, now: Date): string | undefined {
  if (notAfter < now) return `expired on ${dayOf(notAfter)}`;
  return notBefore > now ? `is not valid before ${dayOf(notBefore)}` : undefined;
}

/** What keeps a certificate out of a trust store, if anything. */
export function problemWith(certificate: Certificate, policy: Policy): Problem | undefined {
  const untimely = whyNotValid(certificate, policy.now);
  if (untimely && policy.expired === 'refuse') {
    return { message: untimely, suggestions: ['--skip-expired leaves it out, --allow-expired keeps it'] };
  }
  const { notCaReason } = certificate;
  if (!notCaReason || policy.allowNonCa) return undefined;
  const suggestions = ['Give the certificate of the authority that signed it, or pass --allow-non-ca'];
  return { message: `is not a certificate authority's: it ${notCaReason}`, suggestions };
}

/** What is worth knowing about a certificate before it is trusted, each to follow its subject. */
export function concernsAbout(certificate: Certificate, now: Date): readonly string[] {
  const { notAfter, key, weakDigest, isRoot, version, isSerialNegative } = certificate;
  const concerns: string[] = [];
  const untimely = whyNotValid(certificate, now);
  if (untimely) concerns.push(untimely);
  else if (notAfter.getTime() < now.getTime() + SOON) concerns.push(`expires on ${dayOf(notAfter)}`);
  if (key.rsaBits !== undefined && key.rsaBits < 2048) concerns.push(`has an RSA key of only ${key.rsaBits} bits`);
  // What a root says of itself rests on nothing: only what others signed can be forged.
  if (weakDigest && !isRoot) concerns.push(`is signed with ${weakDigest}, which Go and newer OpenSSL refuse`);
  if (!isRoot) concerns.push('is not self-signed: some TLS clients want its root as well');
  if (version < 3) concerns.push(`is of version ${version}: some TLS clients want version 3`);
  if (isSerialNegative) concerns.push('has a negative serial number, which Go 1.23 and newer refuse');
  if (!certificate.allowsServerAuth) concerns.push('is limited to purposes other than TLS servers');
  if (certificate.hasNameConstraints) concerns.push('is limited to some names');
  return concerns;
}

/** `2031-05-01` */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
