import { sha256 } from '../core/sha256.ts';
import { fieldsOf, formatCertificate, identityOf } from '../x509/index.ts';
import { readBaseCertificates } from './base/base-certificates.ts';
import { normalizeBase } from './base/normalize-base.ts';
import type { CustomCertificate } from './custom/custom-certificates.ts';
import { dayOf } from './custom/policy.ts';
import { warnOfSameNames } from './custom/same-names.ts';

/** A trust store with custom certificates added. */
export interface ExtendedBundle {
  readonly bytes: Buffer;
  readonly baseCertificates: number;
  /** How many different certificates there are in all. */
  readonly certificates: number;
  /** In the order given, without duplicates and those that every program finds in the base already. */
  readonly added: readonly CustomCertificate[];
  /** Those that every program finds in the base already, each once. */
  readonly inBase: readonly CustomCertificate[];
  /** Warnings about the base, or about what was added to it. */
  readonly warnings: readonly string[];
}

export interface ExtendOptions {
  /** Whether to write the certificates of the base again, so that every program reads them. */
  readonly mustNormalize?: boolean;
  /** Whether a bundle was built from this base before. Then its certificates are not parsed again. */
  readonly isKnownSound?: boolean;
}

/**
 * Extends a bundle. The base's bytes are kept as they are, with a newline added at the end if it is missing; each addition
 * follows a comment that describes it. The same input gives the same bytes.
 * @param origin where the base comes from, for messages
 * @throws UserError `SPACECTL_NO_BUNDLE` if the base has no certificate; `SPACECTL_BAD_CERTIFICATE` if it has a private key,
 *   or if OpenSSL could not read the result
 */
export function extendBundle(
  given: Buffer,
  custom: readonly CustomCertificate[],
  origin: string,
  { mustNormalize = false, isKnownSound = false }: ExtendOptions = {},
): ExtendedBundle {
  const normalized = mustNormalize ? normalizeBase(given, origin) : undefined;
  const base = normalized?.bytes ?? given;
  const { ders, readByAll, distrusted, warnings } = readBaseCertificates(base, origin, isKnownSound || mustNormalize);
  const added = new Map<string, CustomCertificate>();
  const inBase = new Map<string, CustomCertificate>();
  for (const certificate of custom) {
    const digest = sha256(certificate.der);
    const target = readByAll.has(digest) ? inBase : added;
    if (!target.has(digest)) target.set(digest, certificate);
  }
  const additions = [...added.values()];
  const parts = [base, ...(endsInNewline(base) ? [] : [Buffer.from('\n')]), ...additions.map(format)];
  const others = [...ders].flatMap(([digest, der]) => (added.has(digest) ? [] : [der]));
  return {
    bytes: Buffer.concat(parts),
    baseCertificates: ders.size,
    certificates: others.length + additions.length,
    added: additions,
    inBase: [...inBase.values()],
    warnings: [
      ...(normalized?.warnings ?? []),
      ...warnings,
      ...[...added].filter(([digest]) => distrusted.has(digest)).map(([, each]) => warnOfDistrust(each, origin)),
      ...warnOfReissued(others, additions),
      ...warnOfSameNames(others, additions),
    ],
  };
}

/** OpenSSL takes the first of two blocks with one certificate, and what it says (openssl:crypto/x509/x509_lu.c). */
function warnOfDistrust({ subject }: CustomCertificate, origin: string): string {
  return `${subject}: ${origin} marks it as distrusted, so OpenSSL (git, curl) still rejects it. --normalize removes that mark`;
}

/** Warns of additions with the subject and key of another certificate: it was reissued, and both are trusted now. */
function warnOfReissued(base: readonly Buffer[], added: readonly CustomCertificate[]): readonly string[] {
  if (added.length === 0) return [];
  const known = new Map<string, string>();
  const keys = added.map(({ der }) => fieldsOf(der)?.publicKey.bytes ?? der);
  for (const der of base) {
    // Searching for a few keys takes a hundredth of the time of parsing a certificate.
    const isOther = keys.length <= 100 && !keys.some((key) => der.includes(key));
    const fields = isOther ? undefined : fieldsOf(der);
    if (fields) known.set(identityOf(fields), `a certificate of the base, valid until ${dayOf(fields.notAfter)}`);
  }
  return added.flatMap(({ identity, subject, notAfter }) => {
    const other = known.get(identity);
    known.set(identity, `another added certificate, valid until ${dayOf(notAfter)}`);
    return other ? [`${subject}, valid until ${dayOf(notAfter)}, has the same subject and key as ${other}`] : [];
  });
}

function endsInNewline(bytes: Uint8Array): boolean {
  return bytes.at(-1) === 0x0a;
}

function format({ subject, fingerprint, notAfter, der }: CustomCertificate): Buffer {
  return Buffer.from(
    `# ${subject}\n# SHA-256 ${fingerprint}, valid until ${dayOf(notAfter)}\n${formatCertificate(der)}`,
  );
}
