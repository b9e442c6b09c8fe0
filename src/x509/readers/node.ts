import { OPENSSL_LEVEL_2, OPENSSL_ROOT, OPENSSL_RULES } from './openssl.ts';
import type { Rule } from './reader.ts';

/** Node verifies with the OpenSSL that is built into it, up to 22 at its level of security 1. Tried: 20.20, 22.23, 24.22. */
export const NODE_RULES: readonly Rule[] = [
  ...OPENSSL_RULES,
  OPENSSL_ROOT,
  {
    id: 'node/level',
    consequence: 'rejects',
    reason: (shape) => {
      const { kind, bits = 0 } = shape.key;
      return kind === 'RSA' && bits > 0 && bits < 960 ? `an RSA key of ${bits} bits` : undefined;
    },
  },
  { ...OPENSSL_LEVEL_2, id: 'node/level-2', since: '24' },
];
