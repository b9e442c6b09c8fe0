import type { Certificate } from '../x509/index.ts';
import { dayOf, whyNotValid } from './policy.ts';

/** What a handshake showed, with its certificates read. */
export interface Shown {
  readonly isTrusted: boolean;
  readonly code?: string | undefined;
  readonly chain: readonly Certificate[];
}

/** What to make of a handshake. */
export interface Verdict {
  /** One line, to follow the server's name. */
  readonly verdict: string;
  /** The bundle's certificate that the trust rests on. */
  readonly anchor?: Certificate;
}

/**
 * Says what made a server trusted, or what is missing for it.
 * @param bundle the certificates that were trusted in the handshake
 */
export function verdictOn({ isTrusted, code = '', chain }: Shown, bundle: readonly Certificate[], now: Date): Verdict {
  const inBundle = new Set(bundle.map(({ fingerprint }) => fingerprint));
  const [leaf, ...issuers] = chain;
  const last = chain.at(-1);
  if (!leaf || !last) return { verdict: 'not trusted: it shows no certificate that can be read' };
  if (isTrusted) {
    const anchor = chain.findLast(({ fingerprint }) => inBundle.has(fingerprint));
    const by = anchor ? `: the bundle has ${anchor.subject}, valid until ${dayOf(anchor.notAfter)}` : '';
    return { verdict: `trusted${by}`, ...(anchor && { anchor }) };
  }
  const untimely = chain.find((each) => whyNotValid(each, now));
  const reasons: Readonly<Record<string, () => string>> = {
    DEPTH_ZERO_SELF_SIGNED_CERT: () => `its certificate ${leaf.subject} is signed by itself and not in the bundle`,
    SELF_SIGNED_CERT_IN_CHAIN: () =>
      `the bundle lacks ${last.subject} (SHA-256 ${last.fingerprint}), the root it shows`,
    CERT_HAS_EXPIRED: () => `${untimely?.subject} ${untimely && whyNotValid(untimely, now)}`,
    CERT_NOT_YET_VALID: () => `${untimely?.subject} ${untimely && whyNotValid(untimely, now)}`,
    CERT_SIGNATURE_FAILURE: () => otherKey(chain.at(-2) ?? leaf, last),
    INVALID_PURPOSE: () => `its certificate ${leaf.subject} is not meant for TLS servers`,
    INVALID_CA: () => `${issuers[0]?.subject} signed it without being allowed to`,
    ERR_TLS_CERT_ALTNAME_INVALID: () => `its certificate ${leaf.subject} is for another name`,
  };
  const missing = () => missingIssuer(last, issuers, bundle);
  const unknown = /^UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/.test(code);
  const why = reasons[code]?.() ?? (unknown ? missing() : code);
  return { verdict: `not trusted: ${why}` };
}

/** Nothing in the bundle signed the last certificate of the chain: what would have to be there. */
function missingIssuer(last: Certificate, issuers: readonly Certificate[], bundle: readonly Certificate[]): string {
  if (bundle.some(({ fingerprint, isRoot }) => fingerprint === last.fingerprint && !isRoot)) {
    return `the bundle has the intermediate ${last.subject}, but not its root ${last.issuer}: Go (Terraform) is content with that, other programs are not`;
  }
  const twin = bundle.find(({ subject }) => subject === last.issuer);
  if (twin) return otherKey(last, twin);
  const alone = issuers.length === 0 ? '; if that is an intermediate, the server should send it' : '';
  return `the bundle lacks ${last.issuer}, which signed ${last.subject}${alone}`;
}

function otherKey({ subject }: Certificate, twin: Certificate): string {
  return `the bundle has a ${twin.subject}, but with another key than the one that signed ${subject}`;
}
