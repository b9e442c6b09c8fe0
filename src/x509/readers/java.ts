import type { Rule } from './reader.ts';
import { extensionIn, ID } from './shape.ts';

/**
 * Java's PKIX: openjdk/jdk, sun/security/x509/X509CertInfo.java (versions), sun/security/provider/certpath/
 * ConstraintsChecker.java (basicConstraints), sun/security/util/CurveDB.java (curves, from 16 on without the small ones);
 * jdk.certpath.disabledAlgorithms in conf/security/java.security. Tried with 17.0.15.
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
    id: 'java/key',
    consequence: 'rejects',
    reason: (shape) => {
      const { kind, curve, point, bits = 0 } = shape.key;
      if (kind === 'RSA' && bits > 0 && bits < 1024) return `an RSA key of ${bits} bits`;
      if (kind !== 'EC') return undefined;
      if (curve === 'explicit') return 'explicit curve parameters';
      if (!['P-256', 'P-384', 'P-521'].includes(curve ?? '')) return curve ? `curve ${curve}` : 'a key without a curve';
      return point === 'compressed' ? 'a compressed point as its key' : undefined;
    },
  },
];
