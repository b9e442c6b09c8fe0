import { compareVersions, listed } from '../../core/text.ts';
import { type Certificate, type Finding, judge, type Problem, type Reader, readerName } from '../../x509/index.ts';

/**
 * Programs that read the bundle, each with its newest version, if that is known. `undefined`: all of them, because it is not
 * known which ones the image has.
 */
export type Readers = ReadonlyMap<Reader, string | undefined> | undefined;

/** Says why a certificate must not be in a bundle: for it, some program would lose the others. `undefined` if it may. */
export function lossBy({ der }: Certificate): Problem | undefined {
  const { malformed, findings } = judge(der);
  const suggestions = ['Ask the owner of this CA to issue its certificate again'];
  if (malformed) return { message: `is malformed: ${malformed}`, suggestions };
  const loss = findings.find(({ consequence }) => consequence === 'loses the file');
  if (!loss) return undefined;
  return { message: `would make ${readerName(loss.reader)} ignore the whole bundle: ${loss.reason}`, suggestions };
}

/**
 * Returns what each reader has against a certificate, at most one finding a reader. Only a CA certificate has to be able to
 * sign others.
 */
export function findingsAbout({ der, notCaReason }: Certificate, readers: Readers): readonly Finding[] {
  const seen = new Set<Reader>();
  return judge(der).findings.filter(({ reader, consequence, since }) => {
    if (seen.has(reader) || (readers && !readers.has(reader)) || (notCaReason && consequence === 'rejects'))
      return false;
    if (isOlder(readers?.get(reader), since)) return false;
    seen.add(reader);
    return true;
  });
}

/** Reports whether a version is known to be older than another: `3.9` and `3.13`. */
function isOlder(version: string | undefined, since: string | undefined): boolean {
  return version !== undefined && since !== undefined && compareVersions(version, since) < 0;
}

/**
 * Says in one line which readers do not trust a certificate, and why:
 * `Terraform (Go) ignores this CA: curve brainpoolP256r1; …`. `undefined` if all do.
 */
export function remarkOn(certificate: Certificate, readers: Readers): string | undefined {
  const byReason = new Map<string, Finding[]>();
  for (const finding of findingsAbout(certificate, readers)) {
    byReason.set(finding.reason, [...(byReason.get(finding.reason) ?? []), finding]);
  }
  if (byReason.size > 0)
    return [...byReason].map(([reason, findings]) => `${whoAndWhat(findings)}: ${reason}`).join('; ');
  const { irregular } = judge(certificate.der);
  return irregular.length > 0 ? `some programs may not trust this CA: unusual ${irregular.join(', ')}` : undefined;
}

/** `Terraform (Go) ignores this CA`, `curl (OpenSSL) and Node do not trust this CA` */
function whoAndWhat(findings: readonly Finding[]): string {
  const names = findings.map((finding) => readerName(finding.reader, finding));
  const isPlural = names.length > 1 || / (?:and newer|before .*)$/.test(names[0] ?? '');
  const isIgnored = findings.every(({ consequence }) => consequence === 'ignores');
  const verb = isIgnored ? (isPlural ? 'ignore' : 'ignores') : isPlural ? 'do not trust' : 'does not trust';
  return `${listed(names)} ${verb} this CA`;
}
