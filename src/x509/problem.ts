import { compressionOf } from '../core/compression.ts';
import type { Advice } from '../core/suggestion.ts';
import type { Kind } from './der-kind.ts';

/** Why something does not belong in a trust store. */
export interface Problem {
  /** The end of a sentence that begins with the place: "is a private key. …". It never quotes the content. */
  readonly message: string;
  readonly suggestions: readonly Advice[];
  /** Whether it is a private key, which is reported before all other problems. */
  readonly isPrivateKey?: boolean;
  /** Whether it is something that is damaged, rather than something else. */
  readonly isDamage?: boolean;
}

const CERTIFICATES_ONLY = 'Pass a file that contains only certificates';
const CHECK_DOWNLOAD = 'Check where the file was downloaded from';

const PROBLEMS: Readonly<Record<Exclude<Kind, 'certificate' | 'PKCS#7' | 'PKCS#12'>, Problem>> = {
  'private key': {
    message: 'is a private key. A trust store is readable by everyone',
    suggestions: [CERTIFICATES_ONLY],
    isPrivateKey: true,
  },
  'certificate request': {
    message: 'is a certificate request, not a certificate',
    suggestions: ['Pass the certificate of the CA that signs the request'],
  },
  'revocation list': {
    message: 'is a revocation list, not a certificate',
    suggestions: ['Pass the certificate of the CA that issued the list'],
  },
  'public key': {
    message: 'is a public key, not a certificate',
    suggestions: ['Pass the certificate that contains the key'],
  },
};

/** Describes the problem with a value of another kind than a certificate. */
export function problemWithKind(kind: Exclude<Kind, 'certificate' | 'PKCS#7'>, der: Buffer): Problem {
  if (kind !== 'PKCS#12') return PROBLEMS[kind];
  const option = LEGACY_CIPHERS.some((id) => der.includes(id)) ? ' -legacy' : '';
  return {
    message: 'is a PKCS#12 file, which may contain private keys, so spacectl does not open it',
    suggestions: [
      { command: `openssl pkcs12${option} -in FILE -nokeys -out ca.pem` },
      'Then pass --ca ca.pem, with --skip-non-ca if the file is for a server: it has its chain',
    ],
  };
}

/**
 * Object identifiers of ciphers that OpenSSL 3 only knows with its legacy provider: RC4 and RC2 of PKCS#12 (RFC 7292, C),
 * RC2, RC4 and DES. Windows and old versions of Java and OpenSSL encrypt certificates with RC2.
 */
const LEGACY_CIPHERS = [
  ...['01', '02', '05', '06'].map((last) => `2a864886f70d010c01${last}`),
  ...['2a864886f70d0302', '2a864886f70d0304', '2b0e030207'],
].map((content) => Buffer.from(`06${(content.length / 2).toString(16).padStart(2, '0')}${content}`, 'hex'));

/** Describes the problem with damaged data. */
export function problemWithDamage(message: string): Problem {
  return { message, suggestions: ['Download or export it again'], isDamage: true };
}

/** Describes the problem with a PEM block whose label is not that of a certificate. */
export function problemWithLabel(label: string): Problem {
  if (label.includes('PRIVATE KEY')) return PROBLEMS['private key'];
  if (label.endsWith('CERTIFICATE REQUEST')) return PROBLEMS['certificate request'];
  if (label.endsWith('CRL')) return PROBLEMS['revocation list'];
  if (label.endsWith('PUBLIC KEY')) return PROBLEMS['public key'];
  return { message: `is "${label}", not a certificate`, suggestions: [CERTIFICATES_ONLY] };
}

/** Describes the problem with bytes that contain nothing known. */
export function problemWithBytes(bytes: Buffer, text: string): Problem {
  if (bytes.length === 0) return { message: 'is empty', suggestions: [CHECK_DOWNLOAD] };
  const start = text.slice(0, 512).replace(/^[\u{feff}ï»¿\s]+/u, '');
  if (/^<[!?a-z]/i.test(start)) {
    const message = 'is a web page or an error message, not a certificate';
    return { message, suggestions: [`${CHECK_DOWNLOAD}: a login page or a proxy may have answered`] };
  }
  if (start.startsWith('{')) {
    return { message: 'is a JSON document, not a certificate', suggestions: [CHECK_DOWNLOAD] };
  }
  if (bytes.subarray(0, 4).toString('hex') === 'feedfeed') {
    const message = 'is a Java keystore';
    return { message, suggestions: [{ command: 'keytool -exportcert -rfc -keystore FILE -alias ALIAS > ca.pem' }] };
  }
  if (compressionOf(bytes) !== undefined) {
    return {
      message: 'is an archive or a compressed file',
      suggestions: ['Unpack it, and pass the certificates in it'],
    };
  }
  if (bytes[0] === 0x30) return problemWithDamage('is an incomplete or damaged DER file');
  return { message: 'does not contain a certificate', suggestions: ['Pass a PEM, DER or PKCS#7 (.p7b) file'] };
}
