import type { Kind } from './der-kind.ts';

/** Why something does not belong into a trust store. */
export interface Problem {
  /** To follow the place: "is a private key; …". Never anything of its content. */
  readonly message: string;
  readonly suggestions: readonly string[];
  /** Told before all others, whatever else is wrong. */
  readonly isPrivateKey?: boolean;
}

const CERTIFICATES_ONLY = 'Give a file that holds certificates only';
const LOOK_AT_DOWNLOAD = 'Look at the download it came from';

const PROBLEMS: Readonly<Record<Exclude<Kind, 'certificate' | 'PKCS#7'>, Problem>> = {
  'private key': {
    message: 'is a private key; a trust store is readable by everyone',
    suggestions: [CERTIFICATES_ONLY],
    isPrivateKey: true,
  },
  'certificate request': {
    message: 'is a certificate request, not a certificate',
    suggestions: ['Give the certificate that the authority made of it, or rather the certificate of that authority'],
  },
  'revocation list': {
    message: 'is a revocation list, not a certificate',
    suggestions: ['Give the certificate of the authority that issued the list'],
  },
  'public key': {
    message: 'is a bare public key, not a certificate',
    suggestions: ['Give the certificate that holds the key'],
  },
  'PKCS#12': {
    message: 'is a PKCS#12 file, which may hold private keys and is not opened',
    suggestions: ['openssl pkcs12 -in FILE -cacerts -nokeys -out ca.pem'],
  },
};

/** What is wrong with something that is neither a certificate nor a collection of them. */
export function problemWithKind(kind: Exclude<Kind, 'certificate' | 'PKCS#7'>): Problem {
  return PROBLEMS[kind];
}

/** What is wrong with something that is damaged, which nobody but its source can mend. */
export function problemWithDamage(message: string): Problem {
  return { message, suggestions: ['Get it whole, once more, from where it came from'] };
}

/** What is wrong with a PEM block that by its label is no certificate. */
export function problemWithLabel(label: string): Problem {
  if (label.includes('PRIVATE KEY')) return PROBLEMS['private key'];
  if (label.endsWith('CERTIFICATE REQUEST')) return PROBLEMS['certificate request'];
  if (label.endsWith('CRL')) return PROBLEMS['revocation list'];
  if (label.endsWith('PUBLIC KEY')) return PROBLEMS['public key'];
  return { message: `is "${label}", not a certificate`, suggestions: [CERTIFICATES_ONLY] };
}

/** How gzip, ZIP, bzip2, xz and zstd begin. */
const PACKED = ['\x1f\x8b', 'PK\x03\x04', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'];

/** What is wrong with bytes in which nothing can be recognised. */
export function problemWithBytes(bytes: Buffer, text: string): Problem {
  if (bytes.length === 0) return { message: 'is empty', suggestions: [LOOK_AT_DOWNLOAD] };
  const start = text.slice(0, 512).replace(/^[\u{feff}ï»¿\s]+/u, '');
  if (/^<[!?a-z]/i.test(start)) {
    const message = 'is a web page or an error message, not a certificate';
    return { message, suggestions: [`${LOOK_AT_DOWNLOAD}: was a login or a proxy in between?`] };
  }
  if (start.startsWith('{')) {
    return { message: 'is a JSON document, not a certificate', suggestions: [LOOK_AT_DOWNLOAD] };
  }
  if (bytes.subarray(0, 4).toString('hex') === 'feedfeed') {
    const message = 'is a Java keystore';
    return { message, suggestions: ['keytool -exportcert -rfc -keystore FILE -alias ALIAS > ca.pem'] };
  }
  if (PACKED.some((magic) => bytes.toString('latin1', 0, magic.length) === magic)) {
    return { message: 'is an archive or compressed', suggestions: ['Unpack it, and give the certificates in it'] };
  }
  if (bytes[0] === 0x30) return problemWithDamage('is binary data, but no whole certificate');
  return { message: 'holds no certificate', suggestions: ['Give PEM, DER or PKCS#7 (.p7b)'] };
}
