import { counted } from '../core/text.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { readElement } from './der.ts';
import { certificatesOf, kindOf } from './der-kind.ts';
import { looksLikePem, type PemBlock, readPem } from './pem.ts';
import { type Problem, problemWithBytes, problemWithDamage, problemWithKind, problemWithLabel } from './problem.ts';
import { judge } from './readers/index.ts';
import { readTrustSettings, type TrustSettings } from './trust-settings.ts';

/** An item in a file: a certificate, or something else and why it is a problem. */
export interface Found {
  /** Where it is: `ca.pem: block 2 (line 35)`. */
  readonly place: string;
  readonly certificate?: Certificate;
  /** What OpenSSL trusts the certificate for, if its block says so: `TRUSTED CERTIFICATE`. */
  readonly trust?: TrustSettings;
  readonly problem?: Problem;
  /** The certificate in a block that is a problem because other bytes follow the certificate. */
  readonly inside?: Certificate;
}

/**
 * Finds all items in a file: PEM, DER, PKCS#7 as PEM or DER, or any of them as plain base64.
 * @param name the file name as the user passed it
 * @returns at least one item, in the order of the file
 */
export function contentsOf(bytes: Uint8Array, name: string): readonly Found[] {
  return contents(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, true);
}

function contents(bytes: Buffer, name: string, mayBeBase64: boolean): readonly Found[] {
  const text = decode(bytes);
  const blocks = looksLikePem(text) ? readPem(text) : [];
  if (blocks.length > 0) return blocks.flatMap((block) => fromBlock(block, name));
  if (kindOf(bytes)) return fromDer(bytes, name);
  const decoded = mayBeBase64 ? fromBase64(text) : undefined;
  return decoded ? contents(decoded, name, false) : [{ place: name, problem: problemWithBytes(bytes, text) }];
}

/** Decodes text. Files from Windows may be UTF-16, with or without a byte order mark; otherwise only ASCII matters. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const isPaired = bytes.length % 2 === 0;
  if ((first === 0xff && second === 0xfe) || (isPaired && first === 0x2d && second === 0))
    return bytes.toString('utf16le');
  const isBigEndian = isPaired && ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x2d));
  return isBigEndian ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString('latin1');
}

/** Decodes a text that is base64 of PEM or DER. @returns `undefined` for other texts */
function fromBase64(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  return kindOf(bytes) || looksLikePem(bytes.toString('latin1')) ? bytes : undefined;
}

function fromBlock({ label, position, line, bytes, damage }: PemBlock, name: string): readonly Found[] {
  const place = `${name}: block ${position} (line ${line})`;
  if (label.includes('PRIVATE KEY')) return [{ place, problem: problemWithLabel(label) }];
  if (!bytes) return [{ place, problem: problemWithDamage(damage ?? 'is empty') }];
  if (label === 'TRUSTED CERTIFICATE') return fromTrusted(bytes, place);
  if (/^(?:X509 )?CERTIFICATE$|^CMS$|^PKCS ?#?7/.test(label)) return fromDer(bytes, place);
  return [{ place, problem: problemWithLabel(label) }];
}

/** Reads OpenSSL's own format, in which trust settings may follow the certificate. */
function fromTrusted(bytes: Buffer, place: string): readonly Found[] {
  const trust = readTrustSettings(bytes);
  const found = fromDer(readElement(bytes)?.bytes ?? bytes, place);
  if (trust === undefined || !found[0]?.certificate) return found;
  if (trust !== 'damaged') return found.map((each) => ({ ...each, trust }));
  return [{ place, problem: problemWithDamage('is a certificate with damaged trust settings after its end') }];
}

function fromDer(bytes: Buffer, place: string): readonly Found[] {
  const certificate = readCertificate(bytes);
  if (certificate) return [{ place, certificate }];
  const kind = kindOf(bytes);
  if (kind === 'PKCS#7') return fromPkcs7(bytes, place);
  if (kind && kind !== 'certificate') return [{ place, problem: problemWithKind(kind, bytes) }];
  return [{ place, ...damagedCertificate(bytes) }];
}

function fromPkcs7(bytes: Buffer, place: string): readonly Found[] {
  const certificates = certificatesOf(bytes);
  if (certificates.length === 0) {
    return [{ place, problem: problemWithDamage('is a PKCS#7 file without certificates') }];
  }
  return certificates.flatMap((der, index) => fromDer(der, `${place}, certificate ${index + 1}`));
}

function damagedCertificate(bytes: Buffer): Pick<Found, 'problem' | 'inside'> {
  const first = readElement(bytes)?.bytes ?? bytes;
  const extra = bytes.length - first.length;
  if (extra === 0) {
    const { malformed } = judge(bytes);
    return { problem: problemWithDamage(`is not a valid certificate${malformed ? `: ${malformed}` : ''}`) };
  }
  const inside = readCertificate(first);
  const name = inside ? ` (${inside.subject})` : '';
  const problem = problemWithDamage(`is a certificate${name} with ${counted(extra, 'extra byte')} after its end`);
  return { problem, ...(inside && { inside }) };
}
