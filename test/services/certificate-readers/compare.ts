import { problemWith, warningsAbout } from '../../../src/ca-bundle/custom/policy.ts';
import { findingsAbout, remarkOn } from '../../../src/ca-bundle/custom/reader-remarks.ts';
import { type Certificate, type Finding, judge, readCertificate } from '../../../src/x509/index.ts';
import type { Authority } from '../certificate-shapes/authority.ts';
import type { Answers } from './programs.ts';

/** What `ca-bundle build` does with an authority. */
export interface Answer {
  readonly kind: 'refused' | 'warned' | 'silent';
  readonly findings: readonly Finding[];
}

/** How often a reader and `build` say what of the same authorities. */
export interface Counts {
  silentTrusted: number;
  silentUntrusted: number;
  warnedRefused: number;
  warnedTrusted: number;
  /** Not trusted by this reader, of which `build` warned for another reason. */
  otherwiseRefused: number;
}

/** Says what `build` says of an authority. */
export function answerOfBuild(der: Buffer, now: Date): Answer {
  const certificate: Certificate | undefined = readCertificate(der);
  const policy = { expired: 'refuse', allowNonCa: false, now } as const;
  if (!certificate || problemWith(certificate, policy)) return { kind: 'refused', findings: [] };
  const isSilent = warningsAbout(certificate, now).length === 0 && remarkOn(certificate, undefined) === undefined;
  return { kind: isSilent ? 'silent' : 'warned', findings: findingsAbout(certificate, undefined) };
}

/**
 * Compares what `build` says with what a reader does, for authorities that it does not refuse.
 * @returns where they differ: silent but not trusted, warned of but trusted, another authority lost
 */
export function compare(authorities: readonly Authority[], { reader, program, version, verdicts }: Answers) {
  const now = new Date();
  const counts: Counts = {
    silentTrusted: 0,
    silentUntrusted: 0,
    warnedRefused: 0,
    warnedTrusted: 0,
    otherwiseRefused: 0,
  };
  const differences = authorities.flatMap(({ title, der }, index) => {
    const { kind, findings } = answerOfBuild(der, now);
    const { authority = 'not answered', other = 'not answered' } = verdicts[index] ?? {};
    if (kind === 'refused') return [];
    const isTrusted = authority === 'trusted';
    const warned = findings.find((each) => each.reader === reader && isOf(version, each));
    if (kind === 'silent') counts[isTrusted ? 'silentTrusted' : 'silentUntrusted']++;
    else if (warned) counts[isTrusted ? 'warnedTrusted' : 'warnedRefused']++;
    else if (!isTrusted) counts.otherwiseRefused++;
    return [
      ...(kind === 'silent' && !isTrusted
        ? [`${title}: ${program} does not trust it, and nothing is said: ${authority}`]
        : []),
      ...(warned && isTrusted ? [`${title}: ${program} trusts it, and build says "${warned.reason}"`] : []),
      ...(other === 'trusted' ? [] : [`${title}: ${program} loses another authority: ${other}`]),
    ];
  });
  return { differences, counts };
}

/** Returns the authorities for which a reader does not lose another one, although `build` says that it would. */
export function needlessRefusals(authorities: readonly Authority[], { reader, version, verdicts }: Answers) {
  return authorities.filter(({ der }, index) => {
    const isSaid = judge(der).findings.some(
      (each) => each.reader === reader && each.consequence === 'loses the file' && isOf(version, each),
    );
    return isSaid && verdicts[index]?.other === 'trusted';
  });
}

/** Reports whether a rule holds in a version of its reader. */
function isOf(version: string, { since = '0', until }: Finding): boolean {
  return numberOf(version) >= numberOf(since) && (!until || numberOf(version) < numberOf(until));
}

function numberOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}
