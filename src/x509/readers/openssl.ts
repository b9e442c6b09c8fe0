import { childrenOf, oidOf } from '../der.ts';
import { extensionName, ID } from './extension-names.ts';
import { isUnreadableForOpenssl } from './extension-types.ts';
import { extensionValue, keyUsageOf, pathLengthOf } from './extension-values.ts';
import { describeKind, isPostQuantum } from './keys.ts';
import { purposesOf } from './purposes.ts';
import type { Rule } from './reader.ts';
import { type Extension, extensionIn, type Shape } from './shape.ts';

/** Extensions without which OpenSSL can read a certificate, but does not trust it: ossl_x509v3_cache_extensions. */
const CACHED: readonly string[] = [
  ID.basicConstraints,
  ID.keyUsage,
  ID.purposes,
  ID.netscapeType,
  ID.subjectKey,
  ID.authorityKey,
  ID.alternativeNames,
  ID.nameConstraints,
  ID.revocationLists,
  ID.addressBlocks,
  ID.systemNumbers,
];

/** Critical extensions that OpenSSL handles: X509_supported_extension. */
const HANDLED: readonly string[] = [
  ID.netscapeType,
  ID.keyUsage,
  ID.alternativeNames,
  ID.basicConstraints,
  ID.policies,
  ID.revocationLists,
  ID.purposes,
  ID.addressBlocks,
  ID.systemNumbers,
  ID.noRevocationCheck,
  ID.policyConstraints,
  ID.nameConstraints,
  ID.policyMappings,
  ID.anyPolicy,
  // "Not supported" is proxyInformation's own rule.
  ID.proxyInformation,
];

const SERVER_AUTH = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.4.1.311.10.3.3', '2.16.840.1.113730.4.1'];

/**
 * OpenSSL, as curl, Python and Node verify with it: crypto/x509/v3_purp.c (ossl_x509v3_cache_extensions, check_ca,
 * check_purpose_ssl_server) and x509_vfy.c (check_extensions, check_auth_level), read in 3.0.20, tried with 3.0.19 and
 * 3.6.5. Its default level of security, 2, is that of Debian and of OpenSSL from 3.2 on.
 */
export const OPENSSL_RULES: readonly Rule[] = [
  {
    id: 'openssl/extension',
    consequence: 'rejects',
    reason: (shape) => find(shape, (each) => CACHED.includes(each.id) && isUnreadableForOpenssl(each), 'is malformed'),
  },
  {
    id: 'openssl/path-length',
    consequence: 'rejects',
    reason: (shape) => ((pathLengthOf(shape)?.content[0] ?? 0) >= 0x80 ? 'a negative path length' : undefined),
  },
  {
    id: 'openssl/empty-key-usage',
    consequence: 'rejects',
    reason: (shape) => (keyUsageOf(shape) === 0 ? 'keyUsage without any usage' : undefined),
  },
  {
    // setup_dp.
    id: 'openssl/revocation-list',
    consequence: 'rejects',
    reason: (shape) => {
      const points = childrenOf(extensionValue(shape, ID.revocationLists));
      const isLost = points.some(
        (point) => !childrenOf(point).some(({ tag, content }) => tag === 0xa0 || (tag === 0xa2 && content.length > 0)),
      );
      return isLost ? 'cRLDistributionPoints without a place' : undefined;
    },
  },
  {
    id: 'openssl/unknown-critical',
    consequence: 'rejects',
    reason: (shape) => find(shape, ({ id, isCritical }) => isCritical && !HANDLED.includes(id), 'is critical'),
  },
  {
    id: 'openssl/proxy',
    consequence: 'rejects',
    reason: (shape) => (extensionIn(shape, ID.proxyInformation) ? 'proxyCertInfo, which only users have' : undefined),
  },
  {
    id: 'openssl/ca',
    consequence: 'rejects',
    reason: (shape) => {
      if (extensionIn(shape, ID.basicConstraints) || extensionIn(shape, ID.keyUsage)) return undefined;
      const isOfVersion1 = (shape.version?.content[0] ?? 0) === 0;
      return isOfVersion1 || isNetscapeCa(shape) ? undefined : 'neither basicConstraints nor keyUsage';
    },
  },
  {
    id: 'openssl/purposes',
    consequence: 'rejects',
    reason: (shape) => {
      const purposes = purposesOf(shape);
      return !purposes || purposes.some((each) => SERVER_AUTH.includes(each))
        ? undefined
        : 'extKeyUsage without serverAuth';
    },
  },
  {
    id: 'openssl/key',
    consequence: 'rejects',
    reason: (shape) => {
      const { kind, curve, point, bits = 0, parameters } = shape.key;
      if (kind === 'EC' && curve === 'explicit') return 'explicit curve parameters';
      if (kind === 'EC' && (!curve || point === 'broken')) return 'a key on a curve that is not readable';
      if (kind === 'Ed25519' || kind === 'Ed448') return parameters ? `an ${kind} key with parameters` : undefined;
      if ((kind === 'RSA' || kind === 'RSA-PSS') && bits === 0) return 'an RSA key that is not readable';
      return /^[\d.]+$/.test(kind) ? describeKind(shape.key) : undefined;
    },
  },
  {
    id: 'openssl/minimum',
    consequence: 'rejects',
    reason: (shape) => (hasDistance(shape) ? 'nameConstraints with a minimum or maximum' : undefined),
  },
];

/** Kinds of keys by the signature algorithms that they make: crypto/objects/obj_xref.txt. */
const SIGNERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^1\.2\.840\.113549\.1\.1\.(?:[2-5]|1[1-6])$/, ['RSA']],
  [/^1\.2\.840\.113549\.1\.1\.10$/, ['RSA', 'RSA-PSS']],
  [/^1\.3\.14\.3\.2\.(?:3|15|29)$/, ['RSA']],
  [/^1\.2\.840\.10045\.4\./, ['EC']],
  [/^(?:1\.2\.840\.10040\.4\.3|2\.16\.840\.1\.101\.3\.4\.3\.\d)$/, ['DSA']],
  [/^1\.3\.101\.112$/, ['Ed25519']],
  [/^1\.3\.101\.113$/, ['Ed448']],
];

/**
 * What OpenSSL does without where it takes partial chains, as Python does from 3.13 on: a certificate signed with another
 * kind of key than its own is not a root (check_sig_alg_match), so its issuer is missing.
 */
export const OPENSSL_ROOT: Rule = {
  id: 'openssl/root',
  consequence: 'rejects',
  reason: (shape) => {
    if (!shape.issuer.bytes.equals(shape.subject.bytes)) return undefined;
    const signature = oidOf(childrenOf(shape.inner)[0]);
    const kinds = SIGNERS.find(([id]) => id.test(signature))?.[1];
    const isOwn = kinds?.includes(shape.key.kind) ?? isPostQuantum(shape.key);
    return isOwn ? undefined : 'a signature of an unknown algorithm, or of another kind of key';
  },
};

/** Which OpenSSL Python and Node have, their versions do not say. */
export const OPENSSL_POST_QUANTUM: Rule = {
  id: 'openssl/post-quantum',
  consequence: 'rejects',
  until: '3.5',
  reason: ({ key }) => (isPostQuantum(key) ? describeKind(key) : undefined),
};

/** What depends on the level of security: check_key_level; ossl_ifc_ffc_compute_security_bits, crypto/rsa/rsa_lib.c. */
export const OPENSSL_LEVEL_2: Rule = {
  id: 'openssl/level',
  consequence: 'rejects',
  reason: (shape) => {
    const { kind, bits = 0, curve } = shape.key;
    if ((kind === 'RSA' || kind === 'RSA-PSS') && bits > 0 && securityBitsOf(bits) < 112)
      return `an RSA key of ${bits} bits`;
    return kind === 'EC' && curve === 'P-192' ? 'curve P-192' : undefined;
  },
};

/** Security of RSA keys in bits (NIST SP 800-56B, appendix D), in multiples of eight. */
function securityBitsOf(bits: number): number {
  const x = bits * Math.LN2;
  return (Math.floor((1.923 * Math.cbrt(x * Math.log(x) ** 2) - 4.69) / Math.LN2) + 4) & ~7;
}

/** Reports whether nameConstraints have a maximum, or a minimum that is not 0: nc_minmax_valid, crypto/x509/v3_ncons.c. */
function hasDistance(shape: Shape): boolean {
  const subtrees = childrenOf(extensionValue(shape, ID.nameConstraints)).flatMap(childrenOf);
  return subtrees.some((subtree) =>
    childrenOf(subtree)
      .slice(1)
      .some(({ tag, content }) => tag === 0x81 || (tag === 0x80 && !(content.length === 1 && content[0] === 0))),
  );
}

/** Any of the bits for authorities in Netscape's type. */
function isNetscapeCa(shape: Shape): boolean {
  return ((extensionValue(shape, ID.netscapeType)?.content[1] ?? 0) & 0x07) !== 0;
}

function find({ extensions = [] }: Shape, isBad: (extension: Extension) => boolean, what: string): string | undefined {
  const bad = extensions.find(isBad);
  return bad && `${extensionName(bad.id)} ${what}`;
}
