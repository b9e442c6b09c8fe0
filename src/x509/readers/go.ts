import { ID } from './extension-names.ts';
import { findExtension, unhandledByGo, versionOf } from './go-critical.ts';
import { GO_1_24_REFUSES, GO_REFUSES, hasMappedAddress, hasNegativeLength } from './go-extensions.ts';
import { describeKind, isNull } from './keys.ts';
import { goStringProblem, isGoString } from './names.ts';
import { largestArcOf, oidsOf } from './oids.ts';
import { purposesOf } from './purposes.ts';
import type { Rule } from './reader.ts';
import { extensionIn, type Shape, twoAlgorithms } from './shape.ts';
import { hasZeroPadding } from './strict-der.ts';

/**
 * Go's crypto/x509, as Terraform and OpenTofu read trust stores: golang/go, src/crypto/x509/parser.go (parseCertificate and
 * what it calls; a certificate that it refuses is silently left out of the pool, cert_pool.go) and verify.go, x509.go
 * (CheckSignatureFrom); read in 1.19 to 1.27.
 */
export const GO_RULES: readonly Rule[] = [
  {
    id: 'go/version',
    consequence: 'ignores',
    reason: ({ version }) => {
      const [number = 0] = version?.content ?? [];
      return version && (version.content.length > 1 || number > 2) ? `version ${number + 1}` : undefined;
    },
  },
  {
    id: 'go/negative-serial',
    consequence: 'ignores',
    since: '1.23',
    reason: ({ serial }) => ((serial.content[0] ?? 0) >= 0x80 ? 'a negative serial number' : undefined),
  },
  {
    id: 'go/algorithms',
    consequence: 'ignores',
    reason: twoAlgorithms,
  },
  {
    id: 'go/name',
    consequence: 'ignores',
    reason: ({ issuerAttributes, subjectAttributes }) =>
      [...issuerAttributes, ...subjectAttributes].map(goStringProblem).find(Boolean),
  },
  {
    id: 'go/name-type',
    consequence: 'ignores',
    until: '1.27',
    reason: ({ issuerAttributes, subjectAttributes }) =>
      [...issuerAttributes, ...subjectAttributes].every(isGoString)
        ? undefined
        : 'its name has a value of an uncommon type',
  },
  {
    id: 'go/oid',
    consequence: 'ignores',
    reason: (shape) =>
      oidsOf(shape).some((id) => largestArcOf(id) > 0x7fffffff)
        ? 'an object identifier with a large number'
        : undefined,
  },
  {
    id: 'go/key',
    consequence: 'ignores',
    reason: (shape) => {
      const { kind, algorithm, parameters, curve, point, bits } = shape.key;
      if (algorithm === '2.5.8.1.1') return undefined;
      const isSupported = ['P-224', 'P-256', 'P-384', 'P-521'].includes(curve ?? '');
      if (kind === 'EC' && curve === 'explicit') return 'explicit curve parameters';
      if (kind === 'EC' && !isSupported) return curve ? `curve ${curve}` : 'a key without a curve';
      if (kind === 'EC' && point !== 'uncompressed') return `a ${point} point as its key`;
      if (kind === 'RSA' && !isNull(parameters)) return 'an RSA key without the parameters NULL';
      if (kind === 'RSA' && bits === 0) return 'an RSA key that is not readable';
      return kind === 'Ed25519' && parameters ? 'an Ed25519 key with parameters' : undefined;
    },
  },
  {
    id: 'go/key-bits',
    consequence: 'ignores',
    reason: ({ keyBits }) => (hasZeroPadding(keyBits) ? undefined : 'a key with unused bits that are set'),
  },
  {
    id: 'go/key-kind',
    consequence: 'rejects',
    reason: (shape) => {
      const { kind, algorithm } = shape.key;
      if (algorithm === '2.5.8.1.1') return 'an RSA key with the identifier 2.5.8.1.1';
      const isKnown = ['RSA', 'EC', 'Ed25519'].includes(kind) || kind.startsWith('ML-DSA');
      return isKnown ? undefined : describeKind(shape.key);
    },
  },
  {
    id: 'go/ml-dsa',
    consequence: 'rejects',
    until: '1.27',
    reason: (shape) => (shape.key.kind.startsWith('ML-DSA') ? describeKind(shape.key) : undefined),
  },
  {
    // rsa1024min, crypto/rsa/rsa.go.
    id: 'go/rsa-1024',
    consequence: 'rejects',
    since: '1.24',
    reason: (shape) => {
      const { kind, bits = 0 } = shape.key;
      return kind === 'RSA' && bits > 0 && bits < 1024 ? `an RSA key of ${bits} bits` : undefined;
    },
  },
  {
    // checkPublicKey, crypto/internal/fips140/rsa/rsa.go.
    id: 'go/rsa-exponent',
    consequence: 'rejects',
    since: '1.24',
    reason: ({ key }) => (key.kind === 'RSA' && key.hasLargeExponent ? 'an RSA exponent above 2^31' : undefined),
  },
  {
    id: 'go/critical',
    consequence: 'ignores',
    reason: (shape) =>
      findExtension(
        shape,
        ({ criticalOctet }) => criticalOctet !== undefined && criticalOctet !== 0 && criticalOctet !== 0xff,
        'is critical in a way that is not DER',
      ),
  },
  { id: 'go/extension', consequence: 'ignores', reason: (shape) => malformed(shape, GO_REFUSES) },
  { id: 'go/policies', consequence: 'ignores', since: '1.24', reason: (shape) => malformed(shape, GO_1_24_REFUSES) },
  {
    id: 'go/path-length',
    consequence: 'ignores',
    since: '1.25',
    reason: (shape) => malformed(shape, { [ID.basicConstraints]: hasNegativeLength }),
  },
  {
    id: 'go/mapped-address',
    consequence: 'ignores',
    since: '1.27',
    reason: (shape) => malformed(shape, { [ID.alternativeNames]: hasMappedAddress }),
  },
  {
    id: 'go/not-critical',
    consequence: 'ignores',
    since: '1.23',
    reason: (shape) => {
      const never: readonly string[] = [ID.authorityKey, ID.subjectKey, ID.authorityInformation];
      return findExtension(shape, ({ id, isCritical }) => isCritical && never.includes(id), 'is marked as critical');
    },
  },
  { id: 'go/unknown-critical', consequence: 'rejects', reason: (shape) => unhandledByGo(shape) },
  {
    id: 'go/unknown-critical-policies',
    consequence: 'rejects',
    until: '1.24',
    reason: (shape) => {
      const later: readonly string[] = [ID.policyConstraints, ID.policyMappings, ID.anyPolicy];
      return findExtension(shape, ({ id, isCritical }) => isCritical && later.includes(id), 'is critical');
    },
  },
  {
    id: 'go/ca',
    consequence: 'rejects',
    reason: (shape) => {
      if (versionOf(shape) !== 3) return undefined;
      return extensionIn(shape, ID.basicConstraints) ? undefined : 'no basicConstraints';
    },
  },
  {
    id: 'go/purposes',
    consequence: 'rejects',
    reason: (shape) => {
      const purposes = purposesOf(shape);
      if (!purposes || purposes.length === 0 || versionOf(shape) !== 3) return undefined;
      const allowed: readonly string[] = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];
      return purposes.some((each) => allowed.includes(each)) ? undefined : 'extKeyUsage without serverAuth';
    },
  },
];

function malformed(shape: Shape, refusals: Readonly<Record<string, (value: Buffer) => boolean>>): string | undefined {
  // Extensions of other versions are not read.
  if (versionOf(shape) !== 3) return undefined;
  return findExtension(shape, ({ id, value }) => refusals[id]?.(value) ?? false, 'is malformed');
}
