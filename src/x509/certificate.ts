import { createHash, X509Certificate } from 'node:crypto';
import { sha256 } from '../core/sha256.ts';
import { type KeyKind, keyKindOf, weakDigestOf } from './algorithms.ts';
import { allowsServerAuth, hasNameConstraints, isSelfSigned, notCaReason } from './certificate-authority.ts';
import { type Fields, fieldsOf } from './certificate-fields.ts';
import { plainNamesOf } from './plain-names.ts';

/** What matters about a certificate for trust stores. */
export interface Certificate {
  readonly der: Buffer;
  /** `O=…, CN=…` on one line, without control characters. */
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256 of the DER: `AB:CD:…`. */
  readonly fingerprint: string;
  /** Equal for all certificates with the same subject and key, such as renewed ones. */
  readonly identity: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Why it is not a CA certificate, as the end of a sentence that begins with "it"; `undefined` for a CA certificate. */
  readonly notCaReason: string | undefined;
  /** Whether it is signed with its own key. */
  readonly isRoot: boolean;
  readonly key: KeyKind;
  /** The digest of its signature if that is weak: `MD5`, `SHA-1`. */
  readonly weakDigest: string | undefined;
  /** 3, except for very old certificates. */
  readonly version: number;
  readonly isSerialNegative: boolean;
  readonly allowsServerAuth: boolean;
  readonly hasNameConstraints: boolean;
}

/**
 * Reads a DER certificate.
 * @returns `undefined` if OpenSSL cannot read it, or if there are bytes after its end
 */
export function readCertificate(der: Buffer): Certificate | undefined {
  const fields = fieldsOf(der);
  const names = fields && (plainNamesOf(der) ?? namesOf(der));
  if (!names) return undefined;
  const { notBefore, notAfter, version, isSerialNegative } = fields;
  return {
    der,
    ...names,
    fingerprint: fingerprintOf(der),
    identity: identityOf(fields),
    notBefore,
    notAfter,
    notCaReason: notCaReason(fields),
    isRoot: isSelfSigned(fields),
    key: keyKindOf(fields.publicKey),
    weakDigest: weakDigestOf(fields.signature),
    version,
    isSerialNegative,
    allowsServerAuth: allowsServerAuth(fields),
    hasNameConstraints: hasNameConstraints(fields),
  };
}

/** Reads subject and issuer with OpenSSL. @returns `undefined` unless OpenSSL reads all of the bytes unchanged */
function namesOf(der: Buffer): Pick<Certificate, 'subject' | 'issuer'> | undefined {
  try {
    const { subject, issuer, raw } = new X509Certificate(der);
    // OpenSSL ignores bytes after the end, and corrects encodings that others reject.
    return raw.equals(der) ? { subject: oneLine(subject), issuer: oneLine(issuer) } : undefined;
  } catch {
    return undefined;
  }
}

/** Computes a SHA-256 fingerprint in the format of `openssl`: `AB:CD:…`. */
export function fingerprintOf(der: Uint8Array): string {
  return sha256(der).toUpperCase().match(/../g)?.join(':') ?? '';
}

/** Computes `Certificate.identity`. */
export function identityOf({ subject, publicKey }: Fields): string {
  return createHash('sha256').update(subject).update(publicKey.bytes).digest('base64');
}

/** Makes a name safe to print: it must not end a comment line, look like PEM, or control a terminal. */
function oneLine(name: string | undefined): string {
  const line = (name || '(no name)').replaceAll('\n', ', ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return line.replaceAll('-----', '----?');
}
