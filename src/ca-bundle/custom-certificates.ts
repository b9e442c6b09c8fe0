import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { type Certificate, contentsOf, type Found, type Problem } from '../x509/index.ts';
import { dateProblemOf, distrustIn, type Policy, problemWith } from './policy.ts';

/** A custom certificate and the file that it comes from. */
export interface CustomCertificate extends Certificate {
  readonly source: string;
}

/** The result of reading one file. */
export interface CustomFile {
  readonly certificates: readonly CustomCertificate[];
  /** Notes about certificates that were skipped: `ca.pem: block 2 (line 35) (CN=Old Root) expired on 2020-01-01`. */
  readonly skipped: readonly string[];
}

/**
 * Reads the certificates of a file in any format and checks them against the policy.
 * @param name as the user gave it, for errors and the lock file
 * @throws UserError `SPACECTL_BAD_CERTIFICATE` naming file, position and subject; it shows nothing of a private key
 */
export function readCustomCertificates(bytes: Uint8Array, name: string, policy: Policy): CustomFile {
  const certificates: CustomCertificate[] = [];
  const skipped: string[] = [];
  const rejected: Rejected[] = [];
  for (const found of contentsOf(bytes, name)) {
    const { certificate } = found;
    const dateProblem = certificate && policy.expired === 'skip' ? dateProblemOf(certificate, policy.now) : undefined;
    const problem =
      found.problem ??
      distrustIn(found) ??
      (certificate && !dateProblem ? problemWith(certificate, policy) : undefined);
    if (dateProblem) skipped.push(`${nameOf(found)} ${dateProblem}`);
    else if (problem) rejected.push({ ...found, problem });
    else if (certificate) certificates.push({ ...certificate, source: name });
  }
  if (rejected.length > 0) throw rejection(rejected, name);
  return { certificates, skipped };
}

type Rejected = Found & { readonly problem: Problem };

/** Creates the error for what is rejected: a private key first; it says how many more there are. */
function rejection(rejected: readonly Rejected[], name: string): UserError {
  const worst = rejected.find(({ problem }) => problem.isPrivateKey) ?? (rejected[0] as Rejected);
  const { message, suggestions } = worst.problem;
  const more = rejected.length - 1;
  return new UserError(
    'SPACECTL_BAD_CERTIFICATE',
    `${nameOf(worst)} ${message}${more > 0 ? `. ${more} more ${more === 1 ? 'entry' : 'entries'} of the file cannot be used` : ''}`,
    {
      suggestions: [
        ...suggestions.map((each) => each.replace('FILE', () => quoteIfNeeded(name))),
        ...(more > 0 ? [`spacectl ca-bundle inspect ${quoteIfNeeded(name)} --rejected`] : []),
      ],
    },
  );
}

function nameOf({ place, certificate }: Found): string {
  return certificate ? `${place} (${certificate.subject})` : place;
}
