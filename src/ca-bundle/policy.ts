import type { Certificate, Problem } from '../x509/index.ts';

/** What to do with certificates that do not belong in a trust store. */
export interface Policy {
  readonly expired: 'refuse' | 'keep' | 'skip';
  readonly allowNonCa: boolean;
  readonly now: Date;
}

const DAY = 24 * 60 * 60 * 1000;
const SOON = 30 * DAY;

/** Says why a certificate is not valid now: expired, or not valid yet. `undefined` if it is valid. */
export function dateProblemOf({ notBefore, notAfter }: Certificate, now: Date): string | undefined {
  if (notAfter < now) return `expired on ${dayOf(notAfter)}`;
  return notBefore > now ? `is not valid before ${dayOf(notBefore)}` : undefined;
}

/** Says why a certificate does not belong in a trust store. `undefined` if it does. */
export function problemWith(certificate: Certificate, policy: Policy): Problem | undefined {
  const dateProblem = dateProblemOf(certificate, policy.now);
  if (dateProblem && policy.expired === 'refuse') {
    return {
      message: dateProblem,
      suggestions: ['Pass --skip-expired to leave it out, or --allow-expired to keep it'],
    };
  }
  const { notCaReason } = certificate;
  if (!notCaReason || policy.allowNonCa) return undefined;
  const suggestions = ['Pass the certificate of the CA that signed it, or pass --allow-non-ca'];
  return { message: `is not a CA certificate: it ${notCaReason}`, suggestions };
}

/** Lists warnings about a certificate that is to be trusted. Each follows the certificate's subject. */
export function warningsAbout(certificate: Certificate, now: Date): readonly string[] {
  const { notAfter, key, weakDigest, isRoot, version, isSerialNegative } = certificate;
  const warnings: string[] = [];
  const dateProblem = dateProblemOf(certificate, now);
  if (dateProblem) warnings.push(dateProblem);
  else if (notAfter.getTime() < now.getTime() + SOON) warnings.push(`expires on ${dayOf(notAfter)}`);
  if (key.rsaBits !== undefined && key.rsaBits < 2048) warnings.push(`has an RSA key of only ${key.rsaBits} bits`);
  // Nothing relies on a root's own signature: a weak digest matters only in certificates that others signed.
  if (weakDigest && !isRoot) warnings.push(`is signed with ${weakDigest}, which Go and newer OpenSSL reject`);
  if (!isRoot) warnings.push('is not self-signed: some TLS clients require its root too');
  if (version < 3) warnings.push(`has version ${version}: some TLS clients require version 3`);
  if (isSerialNegative) warnings.push('has a negative serial number, which Go 1.23 and newer reject');
  if (!certificate.allowsServerAuth) warnings.push('is limited to purposes other than TLS servers');
  if (certificate.hasNameConstraints) warnings.push('is limited to some names');
  return warnings;
}

/** Formats the day of a time: `2031-05-01`. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
