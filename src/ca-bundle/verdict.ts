import type { Certificate } from '../x509/index.ts';
import { dateProblemOf, dayOf } from './policy.ts';

/** The result of a handshake, with parsed certificates. */
export interface Handshake {
  readonly isTrusted: boolean;
  readonly code?: string | undefined;
  readonly chain: readonly Certificate[];
}

/** Why a server is trusted or not. */
export interface Verdict {
  /** A line that follows the server's name. */
  readonly verdict: string;
  /** The certificate in the bundle that makes the server trusted. */
  readonly anchor?: Certificate;
}

/**
 * Explains why a server is trusted, or what is missing.
 * @param bundle the certificates that were trusted in the handshake
 */
export function describeHandshake(
  { isTrusted, code = '', chain }: Handshake,
  bundle: readonly Certificate[],
  now: Date,
): Verdict {
  const inBundle = new Set(bundle.map(({ fingerprint }) => fingerprint));
  const [leaf, ...issuers] = chain;
  const last = chain.at(-1);
  if (!leaf || !last) return { verdict: 'not trusted: the server sent no readable certificate' };
  if (isTrusted) {
    const anchor = chain.findLast(({ fingerprint }) => inBundle.has(fingerprint));
    const by = anchor ? `: the bundle has ${anchor.subject}, valid until ${dayOf(anchor.notAfter)}` : '';
    return { verdict: `trusted${by}`, ...(anchor && { anchor }) };
  }
  const dateProblem = chain.find((each) => dateProblemOf(each, now));
  const reasons: Readonly<Record<string, () => string>> = {
    DEPTH_ZERO_SELF_SIGNED_CERT: () => `its certificate ${leaf.subject} is self-signed and not in the bundle`,
    SELF_SIGNED_CERT_IN_CHAIN: () =>
      `the bundle lacks the root that the server sent, ${last.subject} (SHA-256 ${last.fingerprint})`,
    CERT_HAS_EXPIRED: () => `${dateProblem?.subject} ${dateProblem && dateProblemOf(dateProblem, now)}`,
    CERT_NOT_YET_VALID: () => `${dateProblem?.subject} ${dateProblem && dateProblemOf(dateProblem, now)}`,
    CERT_SIGNATURE_FAILURE: () => otherKey(chain.at(-2) ?? leaf, last),
    INVALID_PURPOSE: () => `its certificate ${leaf.subject} is not for TLS servers`,
    INVALID_CA: () => `${issuers[0]?.subject}, which signed its certificate, is not a CA`,
    ERR_TLS_CERT_ALTNAME_INVALID: () => `its certificate ${leaf.subject} is for another name`,
  };
  const missing = () => missingIssuer(last, issuers, bundle);
  const unknown = /^UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/.test(code);
  const why = reasons[code]?.() ?? (unknown ? missing() : code);
  return { verdict: `not trusted: ${why}` };
}

/** Explains which issuer is missing where no certificate of the bundle signed the end of the chain. */
function missingIssuer(last: Certificate, issuers: readonly Certificate[], bundle: readonly Certificate[]): string {
  if (bundle.some(({ fingerprint, isRoot }) => fingerprint === last.fingerprint && !isRoot)) {
    return `the bundle has the intermediate ${last.subject}, but not its root ${last.issuer}. Go (Terraform) accepts that, other programs do not`;
  }
  const other = bundle.find(({ subject }) => subject === last.issuer);
  if (other) return otherKey(last, other);
  const hint = issuers.length === 0 ? `. If ${last.issuer} is an intermediate, the server should send it` : '';
  return `the bundle lacks ${last.issuer}, which signed ${last.subject}${hint}`;
}

function otherKey({ subject }: Certificate, other: Certificate): string {
  return `the bundle's ${other.subject} has a different key from the one that signed ${subject}`;
}
