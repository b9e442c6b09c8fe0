import { compressionOf } from '../core/compression.ts';
import type { Kind } from './der-kind.ts';

/** Why something does not belong in a trust store. */
export interface Problem {
  /** The end of a sentence that begins with the place: "is a private key. …". It never quotes the content. */
  readonly message: string;
  readonly suggestions: readonly string[];
  /** Whether it is a private key, which is reported before all other problems. */
  readonly isPrivateKey?: boolean;
  /** Whether it is something that is damaged, rather than something else. */
  readonly isDamage?: boolean;
}

const CERTIFICATES_ONLY = 'Pass a file that contains only certificates';
const CHECK_DOWNLOAD = 'Check where the file was downloaded from';

const PROBLEMS: Readonly<Record<Exclude<Kind, 'certificate' | 'PKCS#7'>, Problem>> = {
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
  'PKCS#12': {
    message: 'is a PKCS#12 file, which may contain private keys, so spacectl does not open it',
    suggestions: ['openssl pkcs12 -in FILE -cacerts -nokeys -out ca.pem'],
  },
};

/** Describes the problem with a value of another kind than a certificate. */
export function problemWithKind(kind: Exclude<Kind, 'certificate' | 'PKCS#7'>): Problem {
  return PROBLEMS[kind];
}

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
    return { message, suggestions: ['keytool -exportcert -rfc -keystore FILE -alias ALIAS > ca.pem'] };
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
