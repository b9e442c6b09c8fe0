import type { VerifiedHandshake } from '../../http/index.ts';
import type { Certificate } from '../../x509/index.ts';
import { dayOf } from '../custom/policy.ts';
import type { Facts, ReaderVerdict } from './facts.ts';
import { explainRejection } from './openssl-reasons.ts';

/** Says what OpenSSL decided about a server, and why. @param facts `undefined` if its certificate is malformed */
export function opensslVerdict(
  { code, words }: Pick<VerifiedHandshake, 'code' | 'words'>,
  facts: Facts | undefined,
): ReaderVerdict {
  if (!facts) return { isTrusted: code === undefined, reason: 'its certificate is malformed' };
  if (facts.bundle.length === 0) {
    return { isTrusted: false, reason: 'OpenSSL reads no certificate from the bundle' };
  }
  if (code !== undefined) return { isTrusted: false, reason: explainRejection(code, words, facts) };
  const inBundle = new Set(facts.bundle.map(({ fingerprint }) => fingerprint));
  const anchor = facts.path.findLast(({ fingerprint }) => inBundle.has(fingerprint)) ?? facts.path[0];
  return trustedBy(anchor);
}

/** Says which certificate of the bundle makes a server trusted. */
export function trustedBy(anchor: Certificate): ReaderVerdict {
  const reason = `the bundle has ${anchor.subject}, valid until ${dayOf(anchor.notAfter)}`;
  return { isTrusted: true, reason, anchor };
}
