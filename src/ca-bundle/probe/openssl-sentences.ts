import { alternativeNamesOf, commonNameOf, isSignedBy } from '../../x509/index.ts';
import { type Facts, missingIssuer, notCaCertificate, otherKey, otherName, wrongSignature } from './facts.ts';

/** OpenSSL looks at the common name only if there is no alternative name of a host. */
export function otherHost(facts: Facts): string {
  const [{ der }] = facts.path;
  const names = alternativeNamesOf(der);
  return otherName(facts, names.length > 0 ? names : [commonNameOf(der) ?? []].flat());
}

/** The issuer is unknown, or it is an intermediate in the bundle, which is no root for OpenSSL. */
export function unknownIssuer(facts: Facts): string {
  const { path, bundle, sent } = facts;
  const last = path.at(-1) ?? path[0];
  if (!last.isRoot && bundle.some(({ fingerprint }) => fingerprint === last.fingerprint)) {
    return `the bundle has ${last.subject}, but not its issuer ${last.issuer}; OpenSSL requires a root. curl and Python 3.13 do not`;
  }
  const signer = [...bundle, ...sent].find(({ subject, der }) => subject === last.issuer && isSignedBy(last.der, der));
  return signer && !last.isRoot ? otherKeyIdentifier({ ...facts, path: [last, signer] }) : missingIssuer(facts);
}

export function wrongSignatureInPath({ path, bundle }: Facts): string {
  const index = path.findIndex(({ der, isRoot }, position) => {
    const issuer = path[position + 1];
    return issuer ? !isSignedBy(der, issuer.der) : isRoot && !isSignedBy(der, der);
  });
  const [child, issuer] = [path[index], path[index + 1]];
  if (!child) return 'a certificate of its chain has a wrong signature';
  const isTrusted = bundle.some(({ fingerprint }) => fingerprint === issuer?.fingerprint);
  return issuer && isTrusted ? otherKey(child, issuer) : wrongSignature(child);
}

/** OpenSSL says `INVALID_PURPOSE` also of a certificate that the bundle distrusts, or that is no CA, depending on its version. */
export function otherPurpose(facts: Facts): string {
  const [leaf, ...issuers] = facts.path;
  if (facts.path.some(({ fingerprint }) => facts.distrusted?.has(fingerprint))) return distrusted(facts);
  if (!leaf.allowsServerAuth) return `its certificate ${leaf.subject} is not for TLS servers`;
  const limited = issuers.find(({ allowsServerAuth }) => !allowsServerAuth);
  if (limited) return `${limited.subject}, a CA of its chain, is limited to purposes other than TLS servers`;
  if (issuers.some(({ notCaReason }) => notCaReason)) return notACa(facts);
  return `the purposes of its certificate ${leaf.subject} (keyUsage, extendedKeyUsage) do not include TLS servers`;
}

export function distrusted({ path, distrusted: rejected }: Facts): string {
  const certificate = path.find(({ fingerprint }) => rejected?.has(fingerprint));
  return `the bundle distrusts ${certificate?.subject ?? 'a certificate of its chain'} for TLS servers (TRUSTED CERTIFICATE)`;
}

export function notACa({ path: [leaf, ...issuers], sent }: Facts): string {
  const candidates = [...issuers, ...sent.filter(({ subject }) => subject === leaf.issuer)];
  const wrong = candidates.find(({ notCaReason }) => notCaReason);
  return wrong ? notCaCertificate(wrong) : 'a certificate of its chain signed another one, but is not a CA certificate';
}

export function otherKeyIdentifier({ path: [child, issuer] }: Facts): string {
  return issuer
    ? `${child.subject} names another key identifier than ${issuer.subject} has, which signed it`
    : 'a certificate of its chain names another key identifier than its issuer has';
}
