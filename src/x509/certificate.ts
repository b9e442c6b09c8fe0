import { createHash, X509Certificate } from 'node:crypto';
import { sha256 } from '../core/sha256.ts';
import { brokenDigestOf, type KeyKind, keyKindOf } from './algorithms.ts';
import { hasNameConstraints, isSelfSigned, mayVouchForServers, whyNoAuthority } from './certificate-authority.ts';
import { type Fields, fieldsOf } from './certificate-fields.ts';
import { plainNamesOf } from './plain-names.ts';

/** A certificate, as far as trust stores are concerned. */
export interface Certificate {
  readonly der: Buffer;
  /** `O=…, CN=…` on one line, without control characters. */
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256 of the DER: `AB:CD:…`. */
  readonly fingerprint: string;
  /** The same for every certificate of one subject with one key, however often it was issued again. */
  readonly identity: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Why it is no certificate of an authority; `undefined` where it is one. */
  readonly whyNoAuthority: string | undefined;
  /** Whether it is signed with its own key: a root. */
  readonly isRoot: boolean;
  readonly key: KeyKind;
  /** `MD5`, `SHA-1`: the digest its signature rests on, where that is broken. */
  readonly brokenDigest: string | undefined;
  /** 3 for all but very old ones. */
  readonly version: number;
  readonly isSerialNegative: boolean;
  readonly mayVouchForServers: boolean;
  readonly hasNameConstraints: boolean;
}

/**
 * Reads one certificate in DER.
 * @returns `undefined` where OpenSSL cannot read it, or it has bytes behind its end
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
    whyNoAuthority: whyNoAuthority(fields),
    isRoot: isSelfSigned(fields),
    key: keyKindOf(fields.publicKey),
    brokenDigest: brokenDigestOf(fields.signature),
    version,
    isSerialNegative,
    mayVouchForServers: mayVouchForServers(fields),
    hasNameConstraints: hasNameConstraints(fields),
  };
}

/** Subject and issuer of any certificate as OpenSSL has them, which has to be able to read the certificate to the last byte. */
function namesOf(der: Buffer): Pick<Certificate, 'subject' | 'issuer'> | undefined {
  try {
    const { subject, issuer, raw } = new X509Certificate(der);
    // It reads past bytes behind the end, and mends encodings that others refuse: what comes back has to be what was given.
    return raw.equals(der) ? { subject: oneLine(subject), issuer: oneLine(issuer) } : undefined;
  } catch {
    return undefined;
  }
}

/** The same as people and `openssl` write it: `AB:CD:…`. */
export function fingerprintOf(der: Uint8Array): string {
  return sha256(der).toUpperCase().match(/../g)?.join(':') ?? '';
}

/** See `Certificate.identity`. */
export function identityOf({ subject, publicKey }: Fields): string {
  return createHash('sha256').update(subject).update(publicKey.bytes).digest('base64');
}

/** A name from a certificate may hold anything: nothing in it may end a comment line, look like PEM or drive a terminal. */
function oneLine(name: string | undefined): string {
  const line = (name || '(no name)').replaceAll('\n', ', ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
  return line.replaceAll('-----', '----?');
}
