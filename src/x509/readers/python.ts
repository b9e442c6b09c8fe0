import { ID } from './extension-names.ts';
import { extensionValue, keyUsageOf, pathLengthOf } from './extension-values.ts';
import { OPENSSL_LEVEL_2, OPENSSL_RULES } from './openssl.ts';
import type { Rule } from './reader.ts';
import { extensionIn, type Shape, twoAlgorithms } from './shape.ts';

const isVersion3 = ({ version }: Shape) => (version?.content[0] ?? 0) >= 2;

/**
 * Python from 3.13 on: ssl.create_default_context sets VERIFY_X509_STRICT and VERIFY_X509_PARTIAL_CHAIN (CPython, Lib/ssl.py,
 * 3.13), by which OpenSSL asks for what RFC 5280 asks of authorities (crypto/x509/x509_vfy.c, check_extensions, 3.0.20).
 */
const STRICT_RULES: readonly Rule[] = [
  {
    id: 'python/version',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) => {
      if (extensionIn(shape, ID.basicConstraints)) return undefined;
      return isVersion3(shape) ? 'no basicConstraints' : 'no basicConstraints (it is not of version 3)';
    },
  },
  {
    id: 'python/not-critical',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) =>
      extensionIn(shape, ID.basicConstraints)?.isCritical === false ? 'basicConstraints is not critical' : undefined,
  },
  {
    id: 'python/key-usage',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) =>
      extensionIn(shape, ID.basicConstraints) && !extensionIn(shape, ID.keyUsage) ? 'no keyUsage' : undefined,
  },
  {
    id: 'python/subject-key',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) =>
      isVersion3(shape) && !extensionIn(shape, ID.subjectKey) ? 'no subjectKeyIdentifier' : undefined,
  },
  {
    id: 'python/critical-key',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) => {
      if (extensionIn(shape, ID.subjectKey)?.isCritical) return 'subjectKeyIdentifier is critical';
      return extensionIn(shape, ID.authorityKey)?.isCritical ? 'authorityKeyIdentifier is critical' : undefined;
    },
  },
  {
    id: 'python/empty-name',
    consequence: 'rejects',
    since: '3.13',
    reason: ({ issuerAttributes, subjectAttributes }) => {
      if (subjectAttributes.length === 0) return 'an empty name';
      return issuerAttributes.length === 0 ? 'an issuer with an empty name' : undefined;
    },
  },
  {
    id: 'python/alternative-names',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) => {
      const names = extensionValue(shape, ID.alternativeNames);
      return names && names.content.length === 0 ? 'subjectAltName without a name' : undefined;
    },
  },
  {
    // X509_ALGOR_cmp: no parameters and NULL differ.
    id: 'python/algorithms',
    consequence: 'rejects',
    since: '3.13',
    reason: twoAlgorithms,
  },
  {
    id: 'python/path-length',
    consequence: 'rejects',
    since: '3.13',
    reason: (shape) => {
      return pathLengthOf(shape) && (keyUsageOf(shape) ?? 0x04) === 0 ? 'a path length without keyCertSign' : undefined;
    },
  },
];

export const PYTHON_RULES: readonly Rule[] = [...OPENSSL_RULES, OPENSSL_LEVEL_2, ...STRICT_RULES];
