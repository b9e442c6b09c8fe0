import { type Certificate, isIssuedBy } from '../../x509/index.ts';
import { dateProblemOf } from '../custom/policy.ts';
import type { Facts } from './facts.ts';

/**
 * Builds the one path that OpenSSL follows (openssl, crypto/x509/x509_vfy.c, `build_chain`): from the server's certificate
 * to its issuer and so on, as far as they are known. It looks in the bundle first, and prefers what is valid now.
 */
export function opensslPath(
  leaf: Certificate,
  sent: readonly Certificate[],
  bundle: readonly Certificate[],
  now: Date,
): Facts['path'] {
  const issuers: Certificate[] = [];
  for (let last = leaf; !last.isRoot; ) {
    const issuer = issuerOf(last, bundle, now) ?? issuerOf(last, sent, now);
    if (!issuer || issuer === leaf || issuers.includes(issuer)) break;
    issuers.push(issuer);
    last = issuer;
  }
  return [leaf, ...issuers];
}

function issuerOf(certificate: Certificate, among: readonly Certificate[], now: Date): Certificate | undefined {
  // Names are compared first, because that costs nothing.
  const candidates = among.filter(
    ({ subject, der }) => subject === certificate.issuer && isIssuedBy(certificate.der, der),
  );
  return candidates.find((each) => !dateProblemOf(each, now)) ?? candidates[0];
}
