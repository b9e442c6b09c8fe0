import type { Certificate } from '../../x509/index.ts';
import { dateProblemOf } from '../custom/policy.ts';

/** What is known of a server that is not trusted. */
export interface Facts {
  /** The name or address that the certificate must be for. */
  readonly host: string;
  /** The server's certificate, and those above it as far as they are known. */
  readonly path: readonly [Certificate, ...Certificate[]];
  /** The certificates that the server sent, in its order. */
  readonly sent: readonly Certificate[];
  /** The certificates that the reader finds in the bundle. */
  readonly bundle: readonly Certificate[];
  /** Fingerprints of those that the bundle distrusts for TLS servers, for OpenSSL alone. */
  readonly distrusted?: ReadonlySet<string>;
  readonly now: Date;
}

/** What a reader of certificates decides about a server. */
export interface ReaderVerdict {
  readonly isTrusted: boolean;
  /** Why it is trusted or not, after a colon. */
  readonly reason: string;
  /** The certificate of the bundle that makes it trusted. */
  readonly anchor?: Certificate;
}

/** Explains that a certificate is not valid now. */
export function outOfDate({ path, now }: Facts): string {
  const certificate = path.find((each) => dateProblemOf(each, now)) ?? path[0];
  return `${certificate.subject} ${dateProblemOf(certificate, now) ?? 'is not valid at this time'}`;
}

/**
 * Explains that the server's certificate is for other names.
 * @param names those that the reader looks at
 */
export function otherName({ host, path: [{ subject }] }: Facts, names: readonly string[]): string {
  if (names.includes(host)) return `its certificate ${subject} has ${host} as a DNS name, not as an IP address`;
  const shown = names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
  return `its certificate ${subject} is for ${shown || 'no host'}, not for ${host}`;
}

/** Explains which issuer is missing, if no certificate of the bundle signed the end of the chain. */
export function missingIssuer({ path, bundle }: Pick<Facts, 'path' | 'bundle'>): string {
  const [leaf, ...issuers] = path;
  const last = path.at(-1) ?? leaf;
  if (last.isRoot && issuers.length === 0) {
    return `its certificate ${leaf.subject} is self-signed and not in the bundle`;
  }
  if (last.isRoot) {
    return `the bundle lacks the root that the server sent, ${last.subject} (SHA-256 ${last.fingerprint})`;
  }
  const sameName = bundle.find(({ subject }) => subject === last.issuer);
  if (sameName) return otherKey(last, sameName);
  const hint = issuers.length === 0 ? `. If ${last.issuer} is an intermediate, the server should send it` : '';
  return `the bundle lacks ${last.issuer}, which signed ${last.subject}${hint}`;
}

/** Explains that a certificate is not signed with the key of the issuer that it names. */
export function otherKey({ subject }: Certificate, other: Certificate): string {
  return `the bundle's ${other.subject} has a different key from the one that signed ${subject}`;
}

/** Explains that a certificate has a wrong signature. */
export function wrongSignature({ subject, issuer }: Certificate): string {
  return `the signature of ${subject} does not match the key of ${issuer}`;
}

/** Explains that a certificate signed another one, but must not. */
export function notCaCertificate({ subject, notCaReason }: Certificate): string {
  return `${subject} is not a CA certificate: it ${notCaReason ?? 'is of an old version'}`;
}
