import { UserError } from '../step/errors.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { type PemBlock, readPem } from './pem.ts';

/** A custom certificate and the file it came from. */
export interface CustomCertificate extends Certificate {
  readonly source: string;
}

/** What to do with certificates that do not belong into a trust store. */
export interface Policy {
  readonly expired: 'refuse' | 'keep' | 'skip';
  readonly allowNonCa: boolean;
  readonly now: Date;
}

/**
 * Reads the certificates of one file, PEM or DER, and holds them against the policy.
 * @param name as the user gave it, for errors and the lock file
 * @throws UserError `SPACECTL_BAD_CERTIFICATE` naming file, position and subject; nothing of a private key is shown
 */
export function readCustomCertificates(bytes: Uint8Array, name: string, policy: Policy): readonly CustomCertificate[] {
  const blocks = readPem(bytes, name);
  const found = blocks.length > 0 ? fromBlocks(blocks, name) : [fromDer(Buffer.from(bytes), name)];
  return found.filter((certificate) => isWanted(certificate, policy)).map((each) => ({ ...each, source: name }));
}

function fromBlocks(blocks: readonly PemBlock[], name: string): Positioned[] {
  const secret = blocks.find(({ label }) => label.includes('PRIVATE KEY'));
  if (secret) {
    throw bad(`${name}: block ${secret.position} is a private key; a trust store is readable by everyone`, [
      'Give a file that holds certificates only',
    ]);
  }
  return blocks.map(({ label, position, bytes }) => {
    const place = `${name}: block ${position}`;
    if (!/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)) throw bad(`${place} is ${describe(label)}, not a certificate`);
    if (!bytes) throw bad(`${place} is damaged: between BEGIN and END there is something else than base64`);
    const certificate = readCertificate(label === 'TRUSTED CERTIFICATE' ? firstElement(bytes) : bytes);
    if (!certificate) throw bad(`${place} cannot be read as a certificate`);
    return { ...certificate, place };
  });
}

type Positioned = Certificate & { readonly place: string };

function fromDer(bytes: Buffer, name: string): Positioned {
  const certificate = bytes[0] === 0x30 ? readCertificate(bytes) : undefined;
  if (certificate) return { ...certificate, place: name };
  if (bytes.length === 0) throw bad(`${name} is empty`);
  if (/^\s*<(?:!doctype|html|\?xml|error)/i.test(bytes.subarray(0, 512).toString('latin1'))) {
    throw bad(`${name} is a web page or an error message, not a certificate`, ['Look at the download it came from']);
  }
  if (bytes[0] === 0x30) {
    throw bad(
      `${name} is binary data, but not one certificate in DER (PKCS#12, PKCS#7, a request, or trailing bytes?)`,
      [
        `openssl pkcs12 -in ${name} -cacerts -nokeys -out ca.pem`,
        `openssl pkcs7 -inform DER -in ${name} -print_certs -out ca.pem`,
      ],
    );
  }
  throw bad(`${name} holds no certificate`);
}

/** A TRUSTED CERTIFICATE is OpenSSL's own: the certificate, then what it is trusted for. Only the first part is taken. */
function firstElement(bytes: Buffer): Buffer {
  if (bytes[1] !== 0x82) return bytes;
  return bytes.subarray(0, 4 + bytes.readUInt16BE(2));
}

function isWanted({ place, subject, notBefore, notAfter, isCa }: Positioned, policy: Policy): boolean {
  const isExpired = notAfter < policy.now;
  if (isExpired && policy.expired === 'skip') return false;
  if (isExpired && policy.expired === 'refuse') {
    throw bad(`${place} (${subject}) expired on ${notAfter.toISOString()}`, ['--skip-expired or --allow-expired']);
  }
  if (notBefore > policy.now && policy.expired !== 'keep') {
    throw bad(`${place} (${subject}) is not valid before ${notBefore.toISOString()}`, ['--allow-expired']);
  }
  if (!isCa && !policy.allowNonCa) {
    throw bad(`${place} (${subject}) is not a certificate authority's: it may not sign certificates`, [
      'Give the certificate that signed it, or pass --allow-non-ca',
    ]);
  }
  return true;
}

function describe(label: string): string {
  const known: Readonly<Record<string, string>> = {
    'CERTIFICATE REQUEST': 'a certificate request',
    'NEW CERTIFICATE REQUEST': 'a certificate request',
    'X509 CRL': 'a revocation list',
    'PUBLIC KEY': 'a public key',
    PKCS7: 'a PKCS#7 collection (openssl pkcs7 -print_certs turns it into certificates)',
  };
  return known[label] ?? `"${label}"`;
}

function bad(message: string, suggestions: readonly string[] = []): UserError {
  return new UserError('SPACECTL_BAD_CERTIFICATE', message, { suggestions });
}
