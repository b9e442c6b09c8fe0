/** Programs and libraries that decide for themselves which file of an image they read. */
export const CLIENTS = [
  'go',
  'openssl',
  'curl',
  'git',
  'gnutls',
  'python',
  'requests',
  'pip',
  'botocore',
  'node',
  'java',
] as const;
export type ClientId = (typeof CLIENTS)[number];

/** How people know each of them. */
export const CLIENT_NAMES: Readonly<Record<ClientId, string>> = {
  go: 'Terraform (Go)',
  openssl: 'OpenSSL',
  curl: 'curl',
  git: 'git',
  gnutls: 'GnuTLS',
  python: 'Python',
  requests: 'Python requests (certifi)',
  pip: 'pip',
  botocore: 'AWS CLI and boto3 (botocore)',
  node: 'Node',
  java: 'Java',
};

/** What a client in an image reads. */
export interface Reading {
  readonly client: ClientId;
  /** It reads all of these files; with `isFirstEnough`, the first that exists. */
  readonly files: readonly string[];
  readonly isFirstEnough?: boolean;
  /** It reads every file in these directories. */
  readonly directories?: readonly string[];
  /** Whether its files belong to it alone, or are no PEM: nothing is mounted over them. */
  readonly isOwnStore?: boolean;
  /** The environment variable by which it reads another file, or one more. */
  readonly variable?: string;
  /** Why it may read something else: an option that the image sets. */
  readonly uncertainty?: string;
  /** Whether it is the library in the image that says what it was built to read, or only a document. */
  readonly basis: Basis;
  /** The page or the file that has the rule. */
  readonly source: string;
}

/** How it is known what a client reads: the image's own files say so, or only documents about the client. */
export type Basis = 'measured' | 'documented';

/** A client of an image, and whether it sees a bundle. */
export interface Client {
  readonly client: ClientId;
  /** The paths that it reads; none where its certificates are compiled in. */
  readonly reads: readonly string[];
  /** `unknown`: layers that were not read or options of the client decide, or nothing says what it reads. */
  readonly sees: 'yes' | 'no' | 'with variable' | 'unknown';
  /** The variable by which it would see the bundle. */
  readonly variable?: string;
  readonly basis: Basis;
  readonly source: string;
}

/** The source of a client that unread layers may have. */
export const NOT_EXAMINED = 'not examined';
