import { UserError } from '../../core/errors.ts';
import { formatCertificate } from '../../x509/index.ts';
import { ANOTHER_BASE, readBaseEntries } from './base-entries.ts';

/**
 * Writes the certificates of a base so that every program reads them: each once, in PEM, below a comment with its subject.
 * What the base marks as distrusted is left out, since PEM for all programs cannot say so. The result of a result is the same.
 * @throws UserError `SPACECTL_NO_BUNDLE` if the base has no trusted certificate; `SPACECTL_BAD_CERTIFICATE` if it has a private key
 */
export function normalizeBase(base: Buffer, origin: string): { bytes: Buffer; warnings: readonly string[] } {
  const { certificates, damaged } = readBaseEntries(base, origin);
  const leftOut = [
    ...certificates
      .filter(({ isDistrusted }) => isDistrusted)
      .map(({ place, certificate }) => `${place} (${certificate.subject}) is marked as distrusted`),
    ...damaged,
  ];
  const kept = certificates.filter(({ isDistrusted }) => !isDistrusted);
  if (kept.length === 0) {
    const message = `${origin} contains no certificates that are not marked as distrusted`;
    throw new UserError('SPACECTL_NO_BUNDLE', message, { suggestions: [ANOTHER_BASE] });
  }
  return {
    bytes: Buffer.from(
      kept.map(({ certificate: { der, subject } }) => `# ${subject}\n${formatCertificate(der)}`).join(''),
    ),
    warnings: leftOut.map((each) => `${origin}: left out: ${each}`),
  };
}
