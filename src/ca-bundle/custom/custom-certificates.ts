import { UserError } from '../../core/errors.ts';
import { fillSuggestion } from '../../core/suggestion.ts';
import { formatCount, quoteIfNeeded } from '../../core/text.ts';
import { type Certificate, contentsOf, type Found, type Problem } from '../../x509/index.ts';
import { dateProblemOf, distrustIn, type Policy, problemWith } from './policy.ts';

/** A custom certificate and the file that it comes from. */
export interface CustomCertificate extends Certificate {
  readonly source: string;
}

/** The result of reading one file. */
export interface CustomFile {
  readonly certificates: readonly CustomCertificate[];
  /** Notes about what was skipped: `ca.pem: block 2 (line 35) (CN=Old Root) expired on 2020-01-01`. */
  readonly skipped: readonly string[];
  /** Whether the file has nothing to do with certificates: a text, an empty file. */
  readonly isForeign?: true;
}

/**
 * Reads the certificates of a file in any format and checks them against the policy.
 * @param name as the user gave it, for errors and the lock file
 * @param isInFolder whether a folder was given, in which a foreign file is skipped
 * @throws UserError `SPACECTL_BAD_CERTIFICATE` naming file, position and subject; it shows nothing of a private key
 */
export function readCustomCertificates(
  bytes: Uint8Array,
  name: string,
  policy: Policy,
  isInFolder = false,
): CustomFile {
  const certificates: CustomCertificate[] = [];
  const skipped: string[] = [];
  const rejected: Rejected[] = [];
  const contents = contentsOf(bytes, name);
  if (isInFolder && contents.every(isForeign)) {
    return { certificates, skipped: contents.slice(0, 1).map(describeProblem), isForeign: true };
  }
  for (const found of contents) {
    const { certificate } = found;
    const skipReason = certificate && reasonToSkip(certificate, policy);
    const problem =
      found.problem ?? distrustIn(found) ?? (certificate && !skipReason ? problemWith(certificate, policy) : undefined);
    if (skipReason) skipped.push(`${nameOf(found)} ${skipReason}`);
    else if (problem) rejected.push({ ...found, problem });
    else if (certificate) certificates.push({ ...certificate, source: name });
  }
  if (rejected.length > 0) throw rejection(rejected, name);
  return { certificates, skipped };
}

/** Reports whether an item is neither a certificate, whole or damaged, nor a private key. */
function isForeign({ certificate, problem }: Found): boolean {
  return !certificate && !problem?.isDamage && !problem?.isPrivateKey;
}

function describeProblem({ place, problem }: Found): string {
  return `${place} ${problem?.message ?? ''}`;
}

function reasonToSkip(certificate: Certificate, policy: Policy): string | undefined {
  const dateProblem = policy.expired === 'skip' ? dateProblemOf(certificate, policy.now) : undefined;
  const { notCaReason } = certificate;
  return dateProblem ?? (policy.skipNonCa && notCaReason ? `is not a CA certificate: it ${notCaReason}` : undefined);
}

type Rejected = Found & { readonly problem: Problem };

/** Creates the error for what is rejected: a private key first; it says how many more there are. */
function rejection(rejected: readonly Rejected[], name: string): UserError {
  const worst = rejected.find(({ problem }) => problem.isPrivateKey) ?? (rejected[0] as Rejected);
  const { message, suggestions } = worst.problem;
  const more = rejected.length - 1;
  return new UserError(
    'SPACECTL_BAD_CERTIFICATE',
    `${nameOf(worst)} ${message}${more > 0 ? `. ${formatCount(more)} more ${more === 1 ? 'entry' : 'entries'} of the file cannot be used` : ''}`,
    {
      suggestions: [
        ...suggestions.map((each) => fillSuggestion(each, 'FILE', quoteIfNeeded(name))),
        ...(more > 0 ? [{ command: `spacectl ca-bundle inspect ${quoteIfNeeded(name)} --rejected` }] : []),
      ],
    },
  );
}

function nameOf({ place, certificate }: Found): string {
  return certificate ? `${place} (${certificate.subject})` : place;
}
