import { UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';
import { type Certificate, contentsOf, type Found, type Problem } from '../x509/index.ts';
import { type Policy, problemWith, whyNotValid } from './policy.ts';

/** A custom certificate and the file it came from. */
export interface CustomCertificate extends Certificate {
  readonly source: string;
}

/** What one file gave. */
export interface CustomFile {
  readonly certificates: readonly CustomCertificate[];
  /** What was left out, to be told: `ca.pem: block 2 (line 35) (CN=Old Root) expired on 2020-01-01`. */
  readonly skipped: readonly string[];
}

/**
 * Reads the certificates of one file in any shape, and holds them against the policy.
 * @param name as the user gave it, for errors and the lock file
 * @throws UserError `SPACECTL_BAD_CERTIFICATE` naming file, position and subject; nothing of a private key is shown
 */
export function readCustomCertificates(bytes: Uint8Array, name: string, policy: Policy): CustomFile {
  const certificates: CustomCertificate[] = [];
  const skipped: string[] = [];
  const refused: Refused[] = [];
  for (const found of contentsOf(bytes, name)) {
    const { certificate } = found;
    const untimely = certificate && policy.expired === 'skip' ? whyNotValid(certificate, policy.now) : undefined;
    const problem = found.problem ?? (certificate && !untimely ? problemWith(certificate, policy) : undefined);
    if (untimely) skipped.push(`${nameOf(found)} ${untimely}`);
    else if (problem) refused.push({ ...found, problem });
    else if (certificate) certificates.push({ ...certificate, source: name });
  }
  if (refused.length > 0) throw refusal(refused, name);
  return { certificates, skipped };
}

type Refused = Found & { readonly problem: Problem };

/** The error for the worst of what is refused, and how many more there are. */
function refusal(refused: readonly Refused[], name: string): UserError {
  const worst = refused.find(({ problem }) => problem.isPrivateKey) ?? (refused[0] as Refused);
  const { message, suggestions } = worst.problem;
  const more = refused.length - 1;
  return new UserError(
    'SPACECTL_BAD_CERTIFICATE',
    `${nameOf(worst)} ${message}${more > 0 ? `; and ${more} more of what it holds cannot be taken` : ''}`,
    {
      suggestions: [
        ...suggestions.map((each) => each.replace('FILE', () => wordFor(name))),
        ...(more > 0 ? [`spacectl ca-bundle inspect ${wordFor(name)} --rejected`] : []),
      ],
    },
  );
}

function nameOf({ place, certificate }: Found): string {
  return certificate ? `${place} (${certificate.subject})` : place;
}
