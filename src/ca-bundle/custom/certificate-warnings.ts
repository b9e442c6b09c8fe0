import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import type { Certificate, Finding } from '../../x509/index.ts';
import { warningsAbout } from './policy.ts';
import { findingsAbout, type Readers, remarkOn } from './reader-remarks.ts';

/** What readers have against a certificate, as data. */
export interface CertificateFindings {
  readonly subject: string;
  readonly fingerprint: string;
  readonly findings: readonly Finding[];
}

/** Says which readers do not trust certificates that were given: a line for each of them that not all trust. */
export function readerWarnings(certificates: readonly Certificate[], readers: Readers): readonly string[] {
  return certificates.flatMap((each) => {
    const remark = remarkOn(each, readers);
    return remark ? [`${each.subject}: ${remark}`] : [];
  });
}

/** The same as data. */
export function readerFindings(certificates: readonly Certificate[], readers: Readers): readonly CertificateFindings[] {
  return certificates
    .map((each) => ({ subject: each.subject, fingerprint: each.fingerprint, findings: findingsAbout(each, readers) }))
    .filter(({ findings }) => findings.length > 0);
}

/** Lists the other warnings about certificates that are added. */
export function certificateWarnings(certificates: readonly Certificate[], readers: Readers): readonly string[] {
  const now = new Date();
  return certificates.flatMap((each) =>
    warningsAbout(each, now, readers).map((warning) => `${each.subject} ${warning}`),
  );
}

/** Rejects warnings, for `--strict`. @throws UserError `SPACECTL_BAD_CERTIFICATE` with the first one */
export function rejectWarnings([first, ...more]: readonly string[]): void {
  if (first === undefined) return;
  const rest = more.length > 0 ? `. ${counted(more.length, 'more warning')}` : '';
  throw new UserError('SPACECTL_BAD_CERTIFICATE', `${first}${rest}`, {
    suggestions: ['Run it again without --strict to see all warnings and write the bundle'],
  });
}
