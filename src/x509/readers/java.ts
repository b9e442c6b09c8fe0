import { readElement } from '../der.ts';
import { extensionName, ID } from './extension-names.ts';
import { strictValueOf } from './extension-types.ts';
import { pathLengthOf } from './extension-values.ts';
import { describeKind } from './keys.ts';
import type { Rule } from './reader.ts';
import { extensionIn } from './shape.ts';

/**
 * Java's PKIX: openjdk/jdk, sun/security/x509/X509CertInfo.java (versions), sun/security/provider/certpath/
 * ConstraintsChecker.java (basicConstraints), sun/security/util/CurveDB.java (curves, from 16 on without the small ones);
 * jdk.certpath.disabledAlgorithms in conf/security/java.security. Tried with 17.0.15 and 25.0.5.
 */
export const JAVA_RULES: readonly Rule[] = [
  {
    id: 'java/version',
    consequence: 'ignores',
    reason: ({ version }) => ((version?.content[0] ?? 0) > 2 ? `version ${(version?.content[0] ?? 0) + 1}` : undefined),
  },
  {
    id: 'java/ca',
    consequence: 'rejects',
    reason: (shape) => {
      const isOld = (shape.version?.content[0] ?? 0) < 2;
      return isOld || extensionIn(shape, ID.basicConstraints) ? undefined : 'no basicConstraints';
    },
  },
  {
    // JEP 497.
    id: 'java/ml-dsa',
    consequence: 'rejects',
    until: '24',
    reason: ({ key }) => (key.kind.startsWith('ML-DSA') ? describeKind(key) : undefined),
  },
  {
    id: 'java/name',
    consequence: 'ignores',
    reason: ({ subjectAttributes, issuerAttributes }) =>
      subjectAttributes.length === 0 || issuerAttributes.length === 0 ? 'an empty name' : undefined,
  },
  {
    // BasicConstraintsExtension.java, KeyUsageExtension.java: nothing may follow a value, and a path length is an int. If the
    // extension is not critical, Java goes on without it (X509CertInfo.java, UnparseableExtension).
    id: 'java/extension',
    consequence: 'ignores',
    reason: (shape) => {
      const bad = [ID.basicConstraints, ID.keyUsage].find((id) => {
        const extension = extensionIn(shape, id);
        return extension?.isCritical && hasMore(extension.value);
      });
      if (bad) return `${extensionName(bad)} is malformed`;
      const isRead = extensionIn(shape, ID.basicConstraints)?.isCritical;
      return isRead && (pathLengthOf(shape)?.content.length ?? 0) > 5 ? 'a huge path length' : undefined;
    },
  },
  {
    // -1 stands for certificates that are not of authorities (X509CertImpl.java, getBasicConstraints).
    id: 'java/path-length',
    consequence: 'rejects',
    reason: (shape) => (pathLengthOf(shape)?.content.equals(MINUS_ONE) ? 'a path length of -1' : undefined),
  },
  {
    // An authority whose key identifier Java cannot read does not fit the one in its servers' certificates.
    id: 'java/subject-key',
    consequence: 'rejects',
    reason: (shape) => {
      const extension = extensionIn(shape, ID.subjectKey);
      return extension && !strictValueOf(extension) ? 'subjectKeyIdentifier is malformed' : undefined;
    },
  },
  {
    id: 'java/key',
    consequence: 'rejects',
    reason: (shape) => {
      const { kind, curve, point, bits = 0 } = shape.key;
      if (kind === 'SLH-DSA' || /^[\d.]+$/.test(kind)) return describeKind(shape.key);
      if (kind === 'RSA' && bits > 0 && bits < 1024) return `an RSA key of ${bits} bits`;
      if (kind !== 'EC') return undefined;
      if (curve === 'explicit') return 'explicit curve parameters';
      if (!['P-256', 'P-384', 'P-521'].includes(curve ?? '')) return curve ? `curve ${curve}` : 'a key without a curve';
      return point === 'compressed' ? 'a compressed point as its key' : undefined;
    },
  },
];

const MINUS_ONE = Buffer.from([0xff]);

/** Reports whether something follows the value of an extension. */
function hasMore(value: Buffer): boolean {
  const element = readElement(value);
  return element !== undefined && element.bytes.length < value.length;
}
