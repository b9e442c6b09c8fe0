import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { counted } from '../core/words.ts';
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

/** A trust store extended by custom certificates. */
export interface ExtendedBundle {
  readonly bytes: Buffer;
  readonly baseCertificates: number;
  /** In the order given; those that the base had already, or that were given twice, are not among them. */
  readonly added: readonly CustomCertificate[];
  /** Those that the base had already, each once. */
  readonly inBase: readonly CustomCertificate[];
  /** What is odd about the base or about what was added to it. */
  readonly warnings: readonly string[];
}

/**
 * Extends a bundle. The base's bytes are kept exactly as they are, with a newline where the last one is missing; each
 * addition follows under a comment that says what it is. The same input gives the same bytes.
 * @param origin where the base came from, for errors
 * @throws UserError `SPACECTL_NO_BUNDLE` where the base has no certificate at all; `SPACECTL_BAD_CERTIFICATE` where it
 *   holds a private key or something damaged, for which OpenSSL would refuse the whole of it
 */
export function extendBundle(base: Uint8Array, custom: readonly CustomCertificate[], origin: string): ExtendedBundle {
  const { ders, foreign, untidy, broken } = certificatesOfBase(base, origin);
  // What tells certificates apart, cheaper than reading them.
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
    ...(foreign > 0 ? [foreignLabels(foreign, origin)] : []),
    ...(untidy > 0 ? [untidyBlocks(untidy, origin)] : []),
    ...(broken > 0 ? [brokenBlocks(broken, origin)] : []),
    ...reissued(ders, added),
  ];
  return { bytes: Buffer.concat(parts), baseCertificates, added, inBase: [...inBase.values()], warnings };
}

const ANOTHER_BASE = 'Give another base: --image-path PATH for another file of the image, or --image FILE';

interface BaseCertificates {
  readonly ders: readonly Buffer[];
  /** How many have labels of OpenSSL's own. */
  readonly foreign: number;
  /** How many are written so that not every reader finds them. */
  readonly untidy: number;
  /** How many are more or less than one value of DER, whatever that holds. */
  readonly broken: number;
}

/** The certificates of a base. They are read only as far as telling them apart takes: a base is trusted already. */
function certificatesOfBase(base: Uint8Array, origin: string): BaseCertificates {
  const text = Buffer.from(base.buffer, base.byteOffset, base.length).toString('latin1');
  const blocks = readPem(text);
  const key = blocks.find(({ label }) => label.includes('PRIVATE KEY'));
  const bad = key ?? blocks.find(({ damage }) => damage);
  if (bad) {
    const what = key ? 'is a private key; a trust store is readable by everyone' : bad.damage;
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${origin}: block ${bad.position} (line ${bad.line}) ${what}`, {
      suggestions: ['Have it mended where it comes from', ANOTHER_BASE],
    });
  }
  const certificates = blocks.filter(({ label, bytes }) => label.endsWith('CERTIFICATE') && bytes);
  let broken = 0;
  const ders = certificates.map(({ label, bytes = Buffer.alloc(0) }) => {
    const whole = readElement(bytes)?.bytes;
    // OpenSSL's own labels may have more behind it: what the certificate is trusted for.
    if (!whole || (label === 'CERTIFICATE' && whole.length !== bytes.length)) broken++;
    return whole ?? bytes;
  });
  if (ders.length === 0)
    throw new UserError('SPACECTL_NO_BUNDLE', `${origin} holds no certificate`, { suggestions: [ANOTHER_BASE] });
  const foreign = certificates.filter(({ label }) => label !== 'CERTIFICATE').length;
  return { ders, foreign, broken, untidy: certificates.length - foreign - countStrictCertificates(text) };
}

function untidyBlocks(count: number, origin: string): string {
  return `${origin}: as it is written, Go (Terraform) or OpenSSL (git, curl) do not find ${counted(count, 'certificate')}, or read nothing of the file; its bytes are kept as they are`;
}

function brokenBlocks(count: number, origin: string): string {
  return `${origin}: ${counted(count, 'block')} without a certificate that is whole, and nothing else: Go (Terraform) goes without, and OpenSSL (git, curl) may read nothing of the file; its bytes are kept as they are`;
}

function foreignLabels(count: number, origin: string): string {
  return `${origin}: Go (Terraform) does not read ${counted(count, 'certificate')} with the label TRUSTED or X509 CERTIFICATE`;
}

/** Warns of additions whose subject and key another certificate has: it was issued again, and both are trusted now. */
function reissued(base: readonly Buffer[], added: readonly CustomCertificate[]): readonly string[] {
  if (added.length === 0) return [];
  const known = new Map<string, string>();
  const keys = added.map(({ der }) => fieldsOf(der)?.publicKey.bytes ?? der);
  for (const der of base) {
    // Looking for few keys takes a hundredth of the time of taking a certificate apart.
    const isOther = keys.length <= 100 && !keys.some((key) => der.includes(key));
    const fields = isOther ? undefined : fieldsOf(der);
    if (fields) known.set(identityOf(fields), `one in the base, valid until ${dayOf(fields.notAfter)}`);
  }
  return added.flatMap(({ identity, subject, notAfter }) => {
    const twin = known.get(identity);
    known.set(identity, `another one added, valid until ${dayOf(notAfter)}`);
    return twin ? [`${subject}, valid until ${dayOf(notAfter)}, has the same subject and key as ${twin}`] : [];
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
