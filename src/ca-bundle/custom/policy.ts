import { type Certificate, type Found, type Problem, rejectsServers } from '../../x509/index.ts';
import { findingsAbout, lossBy, type Readers } from './reader-remarks.ts';

/** What to do with certificates that do not belong in a trust store. */
export interface Policy {
  readonly expired: 'refuse' | 'keep' | 'skip';
  readonly allowNonCa: boolean;
  /** Whether certificates that are not CA certificates are left out. */
  readonly skipNonCa?: boolean;
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
  const loss = lossBy(certificate);
  if (loss) return loss;
  const dateProblem = dateProblemOf(certificate, policy.now);
  if (dateProblem && policy.expired === 'refuse') {
    return {
      message: dateProblem,
      suggestions: ['Pass --skip-expired to leave it out, or --allow-expired to keep it'],
    };
  }
  const { notCaReason } = certificate;
  if (!notCaReason || policy.allowNonCa) return undefined;
  const suggestions = [
    'Pass the certificate of the CA that signed it',
    'Pass --skip-non-ca to leave it out, or --allow-non-ca to keep it',
  ];
  return { message: `is not a CA certificate: it ${notCaReason}`, suggestions };
}

/** Distrust must not become trust: only OpenSSL reads the settings of a `TRUSTED CERTIFICATE`, and they are not kept. */
export function distrustIn({ trust }: Found): Problem | undefined {
  if (!trust || !rejectsServers(trust)) return undefined;
  return {
    message: 'is marked as not trusted for TLS servers, in its TRUSTED CERTIFICATE block',
    suggestions: ['Leave it out, or pass the plain certificate if you do trust it'],
  };
}

/**
 * Lists warnings about a certificate that is to be trusted. Each follows the certificate's subject. What single readers have
 * against it is said by `remarkOn`.
 */
export function warningsAbout(certificate: Certificate, now: Date, readers?: Readers): readonly string[] {
  const { notAfter, key, weakDigest, isRoot } = certificate;
  const warnings: string[] = [];
  const dateProblem = dateProblemOf(certificate, now);
  if (dateProblem) warnings.push(dateProblem);
  else if (notAfter.getTime() < now.getTime() + SOON) warnings.push(`expires on ${dayOf(notAfter)}`);
  const isKeyTold = findingsAbout(certificate, readers).some(({ reason }) => reason.startsWith('an RSA key of'));
  if ((key.rsaBits ?? 2048) < 2048 && !isKeyTold) warnings.push(`has an RSA key of only ${key.rsaBits} bits`);
  // Nothing relies on a root's own signature: a weak digest matters only in certificates that others signed.
  if (weakDigest && !isRoot) warnings.push(`is signed with ${weakDigest}, which newer OpenSSL rejects`);
  if (!isRoot) warnings.push('is not self-signed: curl (OpenSSL) and Node need its root too');
  if (certificate.hasNameConstraints) warnings.push('is limited to some names');
  return warnings;
}

/** Formats the day of a time: `2031-05-01`. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
