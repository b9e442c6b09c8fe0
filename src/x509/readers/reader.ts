import type { Shape } from './shape.ts';

/** The programs and libraries that read trust stores. */
export const READERS = ['go', 'openssl', 'gnutls', 'python', 'java', 'node'] as const;
export type Reader = (typeof READERS)[number];

/** How people know each reader: by a program, and by the library that reads the trust store in it. */
const NAMES: Readonly<Record<Reader, readonly [program: string, library?: string]>> = {
  go: ['Terraform', 'Go'],
  openssl: ['curl', 'OpenSSL'],
  gnutls: ['git', 'GnuTLS'],
  python: ['Python'],
  java: ['Java'],
  node: ['Node'],
};

/** Names a reader, and the versions of it that are meant: `Terraform (Go 1.23 and newer)`. */
export function readerName(reader: Reader, { since, until }: Pick<Rule, 'since' | 'until'> = {}): string {
  const versions = [...(since ? [` ${since} and newer`] : []), ...(until ? [` before ${until}`] : [])].join('');
  const [program, library] = NAMES[reader];
  return library ? `${program} (${library}${versions})` : `${program}${versions}`;
}

/**
 * What a reader does with a certificate: it `ignores` it as if it were not in the file, `rejects` every server that it
 * vouches for, or loses the other certificates of the file too.
 */
export type Consequence = 'ignores' | 'rejects' | 'loses the file';

/** A rule by which a reader does not trust a certificate authority. */
export interface Rule {
  /** `go/curve` */
  readonly id: string;
  readonly consequence: Consequence;
  /** The first version of the reader with this rule, where older ones that are still in use lack it: `1.23`. */
  readonly since?: string;
  /** The first version without this rule. */
  readonly until?: string;
  /** Says what it is about a certificate, after a colon: "curve brainpoolP256r1". `undefined` where the rule does not apply. */
  readonly reason: (shape: Shape) => string | undefined;
}

/** What a rule found. */
export interface Finding {
  readonly reader: Reader;
  readonly rule: string;
  readonly consequence: Consequence;
  readonly reason: string;
  readonly since?: string;
  readonly until?: string;
}
