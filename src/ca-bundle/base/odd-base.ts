import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { counted, formatCount } from '../../core/text.ts';
import type { OpensslReading } from '../../x509/index.ts';
import { ANOTHER_BASE, type BaseEntry, readBaseEntries } from './base-entries.ts';

/** The certificates of a base. */
export interface BaseCertificates {
  /** In DER, by their digests (SHA-256, hexadecimal). */
  readonly ders: ReadonlyMap<string, Buffer>;
  /** Digests of those that both Go and OpenSSL read. To some program, the others are missing. */
  readonly readByAll: ReadonlySet<string>;
  /** Digests of those that OpenSSL rejects servers with, because the base says so. */
  readonly distrusted: ReadonlySet<string>;
  /** Says which certificates are missing to which programs. */
  readonly warnings: readonly string[];
}

const GO = 'Go (Terraform)';
const OPENSSL = 'OpenSSL (git, curl)';
const NORMALIZE = 'Pass --normalize to write them so that every program reads them';

/**
 * Reads a base that is not tidy: finds its certificates however they are written, and what Go and OpenSSL find.
 * @throws UserError as `readBaseCertificates`
 */
export function readOddBase(bytes: Buffer, origin: string): BaseCertificates {
  const { certificates, damaged, go, openssl } = readBaseEntries(bytes, origin);
  rejectUnreadable(openssl, certificates.length, origin);
  const [byGo, byOpenssl] = [new Set(go.map(sha256)), new Set(openssl.certificates.map(sha256))];
  const distrusted = new Set(certificates.filter(({ isDistrusted }) => isDistrusted).map(({ digest }) => digest));
  const trusted = certificates.filter(({ isDistrusted }) => !isDistrusted);
  const missing = (found: ReadonlySet<string>) => trusted.filter(({ digest }) => !found.has(digest));
  const [first] = damaged;
  return {
    ders: new Map(certificates.map(({ digest, certificate }) => [digest, certificate.der])),
    readByAll: new Set([...byGo].filter((digest) => byOpenssl.has(digest) && !distrusted.has(digest))),
    distrusted,
    warnings: [
      ...warnOfLosses(missing(byGo), missing(byOpenssl), certificates.length, origin),
      ...(first ? [`${origin}: ${counted(damaged.length, 'damaged block')}: ${first}`] : []),
    ],
  };
}

/** Rejects a base of which OpenSSL reads nothing, or would not read what is appended. */
function rejectUnreadable({ certificates, refusal, endsAtLine }: OpensslReading, count: number, origin: string): void {
  const reason = refusal
    ? `rejects the whole file, because the block in line ${refusal.line} ${refusal.reason}`
    : endsAtLine !== undefined
      ? `reads nothing from line ${endsAtLine} on, which begins with a NUL character`
      : certificates.length === 0 && `finds none of its ${counted(count, 'certificate')}, as the file has them`;
  if (!reason) return;
  throw new UserError('SPACECTL_BAD_CERTIFICATE', `${origin}: ${OPENSSL} ${reason}`, {
    suggestions: [NORMALIZE, ANOTHER_BASE],
  });
}

function warnOfLosses(
  toGo: readonly BaseEntry[],
  toOpenssl: readonly BaseEntry[],
  total: number,
  origin: string,
): readonly string[] {
  const isSame = toGo.length === toOpenssl.length && toGo.every((each, index) => each === toOpenssl[index]);
  if (isSame) return warnOfLoss(`${GO} and ${OPENSSL} do`, toGo, total, origin);
  return [...warnOfLoss(`${GO} does`, toGo, total, origin), ...warnOfLoss(`${OPENSSL} does`, toOpenssl, total, origin)];
}

function warnOfLoss(readers: string, [first, ...others]: readonly BaseEntry[], total: number, origin: string) {
  if (!first) return [];
  const count = others.length + 1;
  const lost =
    count === total ? 'any of its certificates' : `${formatCount(count)} of its ${formatCount(total)} certificates`;
  return [
    `${origin}: ${readers} not read ${lost} as the file has them, such as ${first.certificate.subject} in ${first.place}. ${NORMALIZE}`,
  ];
}
