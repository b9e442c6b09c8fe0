const CERTIFICATES = ['pem', 'crt', 'cer', 'der', 'p7b', 'p7c'];
const YAML = ['yaml', 'yml'];

/** Usual extensions of files, by the flag or argument that names them. */
export const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  answers: YAML,
  bundle: ['crt', 'pem'],
  ca: CERTIFICATES,
  csr: ['csr', 'pem'],
  'admin-public-key': ['pub'],
  'download-ca': CERTIFICATES,
  'docker-config': ['json'],
  'images-file': ['json'],
  key: ['key', 'pem'],
  lock: ['json'],
  'registry-ca': CERTIFICATES,
  'registry-certificate': CERTIFICATES,
  'registry-key-file': ['key', 'pem'],
  'signing-key': ['asc', 'gpg', 'pgp'],
  'terraform-state': ['json', 'tfstate'],
  'token-file': ['config'],
};

/** Placeholders of files on this machine. */
const FILES = /^(?:FILE|REF\|PATH|FILE\|REF|PROGRAM|PLACE)$/;

/**
 * Returns the usual extensions of a file; an empty list allows any.
 * @returns `undefined` where no file is expected
 */
export function extensionsOf(name: string, placeholder: string | undefined): readonly string[] | undefined {
  return FILES.test(placeholder ?? '') ? (EXTENSIONS[name] ?? []) : undefined;
}
