import type { Shape } from '../shape.ts';

type Fields = Readonly<Record<string, Shape>>;

const READER = '"go" | "openssl" | "gnutls" | "python" | "java" | "node"';
const CONSEQUENCE = '"ignores" | "rejects" | "loses the file"';

/** Whether a client of an image sees the bundle, and where that is from. */
const CLIENT: Shape = {
  client: '"go" | "openssl" | "curl" | "git" | "gnutls" | "python" | "requests" | "pip" | "botocore" | "node" | "java"',
  reads: ['text'],
  sees: '"yes" | "no" | "with variable" | "unknown"',
  'variable?': 'text',
  basis: '"measured" | "documented"',
  source: 'text',
};

/** A certificate that was given, and its file, relative to the lock file. */
const LOCKED: Shape = { subject: 'text', fingerprint: 'text', notAfter: 'time', source: 'text' };

/** The lock file beside a bundle: what it was built from. */
export const LOCK: Fields = {
  version: 'number',
  source: '"registry" | "docker" | "podman" | "archive" | "oci-layout" | "dir" | "file" | "mozilla"',
  'image?': {
    reference: 'text',
    'indexDigest?': 'text',
    'manifestDigest?': 'text',
    'imageId?': 'text',
    platform: 'text',
    path: 'text',
    resolvedPath: 'text',
    'layer?': 'text',
    verifiedLayers: ['text'],
    'unverifiedLayers?': ['text'],
  },
  'file?': { path: 'text' },
  'mozilla?': { node: 'text' },
  mountPath: 'text',
  'mountPaths?': ['text'],
  'allPaths?': 'true',
  'clients?': [CLIENT],
  base: { sha256: 'sha256', certificates: 'number' },
  'normalize?': 'true',
  result: { 'file?': 'text', sha256: 'sha256', certificates: 'number' },
  'format?': '"base64" | "secret-manifest"',
  'secret?': { name: 'text', 'namespace?': 'text' },
  given: [{ 'folder?': 'text', files: [{ path: 'text', sha256: 'sha256' }] }],
  'policy?': { 'expired?': '"keep" | "skip"', 'allowNonCa?': 'true', 'skipNonCa?': 'true' },
  added: [LOCKED],
  'inBase?': [LOCKED],
};

/** The facts of `ca-bundle build`: the lock file, where the bundle is, and who does not trust what was added. */
export const BUNDLE: Fields = {
  output: 'text',
  readerFindings: [
    {
      subject: 'text',
      fingerprint: 'text',
      findings: [
        {
          reader: READER,
          rule: 'text',
          consequence: CONSEQUENCE,
          reason: 'text',
          'since?': 'text',
          'until?': 'text',
        },
      ],
    },
  ],
  ...LOCK,
};

export const CHECK: Shape = {
  bundle: 'text',
  fresh: 'boolean',
  reasons: [
    {
      kind: '"bundle-missing" | "bundle-altered" | "source-gone" | "base-changed" | "ca-changed" | "ca-added" | "ca-missing" | "addition-expires"',
      message: 'text',
    },
  ],
};

const VERDICT: Shape = {
  trusts: 'boolean',
  'rule?': 'text',
  'consequence?': CONSEQUENCE,
  'reason?': 'text',
  'since?': 'text',
  'until?': 'text',
};

/** The entries of a bundle. An entry without a `certificate` is something else, and `rejected` says what. */
export const INSPECTED: Shape = {
  file: 'text',
  total: 'number',
  items: [
    {
      position: 'number',
      place: 'text',
      'certificate?': {
        subject: 'text',
        issuer: 'text',
        isRoot: 'boolean',
        key: 'text',
        notBefore: 'time',
        notAfter: 'time',
        fingerprint: 'text',
      },
      'origin?': 'text',
      'rejected?': 'text',
      warnings: ['text'],
      'remark?': 'text',
      'readers?': { go: VERDICT, openssl: VERDICT, gnutls: VERDICT, python: VERDICT, java: VERDICT, node: VERDICT },
    },
  ],
};

export const INSPECTED_IMAGE: Shape = {
  image: 'text',
  platform: 'text',
  'bundle?': 'text',
  mountPaths: ['text'],
  clients: [CLIENT],
  isComplete: 'boolean',
  remarks: ['text'],
};

const TRUST: Shape = { isTrusted: 'boolean', reason: 'text', 'trustedBy?': 'text' };

export const PROBED: Shape = {
  bundle: 'text',
  servers: [
    {
      target: 'text',
      isReachable: 'boolean',
      isTrusted: 'boolean',
      verdict: 'text',
      'protocol?': 'text',
      'go?': TRUST,
      'openssl?': TRUST,
      chain: [{ subject: 'text', fingerprint: 'text', notAfter: 'text' }],
    },
  ],
};

export const DIFFERENCES: Shape = {
  a: 'text',
  b: 'text',
  same: 'number',
  differences: [
    {
      change: '"added" | "removed" | "distrusted" | "trusted"',
      subject: 'text',
      fingerprint: 'text',
      notAfter: 'time',
    },
  ],
};
