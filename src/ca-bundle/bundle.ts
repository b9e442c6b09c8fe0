import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { counted } from '../core/text.ts';
import {
  countStrictCertificates,
  fieldsOf,
  formatCertificate,
  identityOf,
  readElement,
  readPem,
} from '../x509/index.ts';
import type { CustomCertificate } from './custom-certificates.ts';
import { dayOf } from './policy.ts';

/** A trust store with custom certificates added. */
export interface ExtendedBundle {
  readonly bytes: Buffer;
  readonly baseCertificates: number;
  /** In the order given, without duplicates and those that the base has already. */
  readonly added: readonly CustomCertificate[];
  /** Those that the base has already, each once. */
  readonly inBase: readonly CustomCertificate[];
  /** Warnings about the base, or about what was added to it. */
  readonly warnings: readonly string[];
}

/**
 * Extends a bundle. The base's bytes are kept as they are, with a newline added at the end if it is missing; each addition
 * follows a comment that describes it. The same input gives the same bytes.
 * @param origin where the base comes from, for errors
 * @throws UserError `SPACECTL_NO_BUNDLE` if the base has no certificate; `SPACECTL_BAD_CERTIFICATE` if it has a private key
 *   or a damaged block, for which OpenSSL would reject the whole file
 */
export function extendBundle(base: Uint8Array, custom: readonly CustomCertificate[], origin: string): ExtendedBundle {
  const { ders, foreign, misformatted, broken } = certificatesOfBase(base, origin);
  // Digests tell certificates apart, and are cheaper than parsing them.
  const present = new Set(ders.map(sha256));
  const baseCertificates = present.size;
  const added: CustomCertificate[] = [];
  const inBase = new Map<string, CustomCertificate>();
  const own = new Set<string>();
  for (const certificate of custom) {
    const digest = sha256(certificate.der);
    if (present.has(digest)) inBase.set(digest, certificate);
    else if (!own.has(digest)) added.push(certificate);
    own.add(digest);
  }
  const parts = [base, ...(endsInNewline(base) ? [] : [Buffer.from('\n')]), ...added.map(format)];
  const warnings = [
    ...(foreign > 0 ? [warnOfForeignLabels(foreign, origin)] : []),
    ...(misformatted > 0 ? [warnOfFormat(misformatted, origin)] : []),
    ...(broken > 0 ? [warnOfBroken(broken, origin)] : []),
    ...warnOfReissued(ders, added),
  ];
  return { bytes: Buffer.concat(parts), baseCertificates, added, inBase: [...inBase.values()], warnings };
}

const ANOTHER_BASE = 'Pass --image-path PATH for another file of the image, or --image FILE for another base';

interface BaseCertificates {
  readonly ders: readonly Buffer[];
  /** How many have labels that only OpenSSL reads. */
  readonly foreign: number;
  /** How many are formatted so that not every reader finds them. */
  readonly misformatted: number;
  /** How many are not exactly one DER value. */
  readonly broken: number;
}

/** Reads the certificates of a base, only as far as comparing them requires: the base is trusted already. */
function certificatesOfBase(base: Uint8Array, origin: string): BaseCertificates {
  const text = Buffer.from(base.buffer, base.byteOffset, base.length).toString('latin1');
  const blocks = readPem(text);
  const key = blocks.find(({ label }) => label.includes('PRIVATE KEY'));
  const bad = key ?? blocks.find(({ damage }) => damage);
  if (bad) {
    const what = key ? 'is a private key. A trust store is readable by everyone' : bad.damage;
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${origin}: block ${bad.position} (line ${bad.line}) ${what}`, {
      suggestions: ['Fix it where it comes from', ANOTHER_BASE],
    });
  }
  const certificates = blocks.filter(({ label, bytes }) => label.endsWith('CERTIFICATE') && bytes);
  let broken = 0;
  const ders = certificates.map(({ label, bytes = Buffer.alloc(0) }) => {
    const whole = readElement(bytes)?.bytes;
    // With OpenSSL's own labels, the purposes that the certificate is trusted for may follow it.
    if (!whole || (label === 'CERTIFICATE' && whole.length !== bytes.length)) broken++;
    return whole ?? bytes;
  });
  if (ders.length === 0)
    throw new UserError('SPACECTL_NO_BUNDLE', `${origin} contains no certificates`, { suggestions: [ANOTHER_BASE] });
  const foreign = certificates.filter(({ label }) => label !== 'CERTIFICATE').length;
  return { ders, foreign, broken, misformatted: certificates.length - foreign - countStrictCertificates(text) };
}

function warnOfFormat(count: number, origin: string): string {
  return `${origin}: Go (Terraform) or OpenSSL (git, curl) cannot find ${counted(count, 'certificate')} because of the file's formatting, or cannot read the file at all. Its bytes are kept as they are`;
}

function warnOfBroken(count: number, origin: string): string {
  return `${origin}: ${counted(count, 'block')} ${count === 1 ? 'does' : 'do'} not contain exactly one certificate. Go (Terraform) skips such blocks, and OpenSSL (git, curl) may not read the file at all. Its bytes are kept as they are`;
}

function warnOfForeignLabels(count: number, origin: string): string {
  return `${origin}: Go (Terraform) does not read ${counted(count, 'certificate')} with the label TRUSTED or X509 CERTIFICATE`;
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
