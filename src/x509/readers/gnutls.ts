import { readElement } from '../der.ts';
import { extensionName, ID } from './extension-names.ts';
import { isUnreadableForOpenssl, strictValueOf } from './extension-types.ts';
import { pathLengthOf } from './extension-values.ts';
import { describeKind, isPostQuantum } from './keys.ts';
import type { Rule } from './reader.ts';
import { type Extension, extensionIn } from './shape.ts';

/** Critical extensions that GnuTLS handles: lib/x509/supported_exts.gperf. */
const HANDLED: readonly string[] = [
  ID.subjectKey,
  ID.keyUsage,
  ID.alternativeNames,
  ID.issuerNames,
  ID.basicConstraints,
  ID.nameConstraints,
  ID.revocationLists,
  ID.authorityKey,
  ID.purposes,
  ID.authorityInformation,
  ID.proxyInformation,
  ID.tlsFeatures,
  ID.policies,
  ID.anyPolicy,
];

/** What GnuTLS reads of an authority when it verifies. */
const READ: readonly string[] = [ID.basicConstraints, ID.keyUsage, ID.nameConstraints, ID.tlsFeatures];

/**
 * GnuTLS, with which git reads trust stores on Debian and Ubuntu: lib/x509/verify.c (verify_crt, check_if_ca,
 * is_level_acceptable) and lib/x509/key_decode.c, read in 3.7.9, tried with 3.7.9 and 3.8.13. Curl allows authorities of
 * version 1 (curl, lib/vtls/gtls.c, 7.88).
 */
export const GNUTLS_RULES: readonly Rule[] = [
  {
    id: 'gnutls/extension',
    consequence: 'rejects',
    reason: (shape) => {
      const bad = shape.extensions?.find((each) => READ.includes(each.id) && isUnreadable(each));
      return bad && `${extensionName(bad.id)} is malformed`;
    },
  },
  {
    id: 'gnutls/unknown-critical',
    consequence: 'rejects',
    reason: ({ extensions = [] }) => {
      const bad = extensions.find(({ id, isCritical }) => isCritical && !HANDLED.includes(id));
      return bad && `${extensionName(bad.id)} is critical`;
    },
  },
  {
    // _gnutls_x509_read_uint, lib/x509/common.c.
    id: 'gnutls/path-length',
    consequence: 'rejects',
    reason: (shape) => ((pathLengthOf(shape)?.content.length ?? 0) > 5 ? 'a huge path length' : undefined),
  },
  {
    // gnutls_x509_tlsfeatures_check_crt: servers must have what their authority has.
    id: 'gnutls/tls-features',
    consequence: 'rejects',
    reason: (shape) => {
      const extension = extensionIn(shape, ID.tlsFeatures);
      return extension && strictValueOf(extension) ? 'tlsfeature, which its servers would need too' : undefined;
    },
  },
  {
    id: 'gnutls/key',
    consequence: 'rejects',
    reason: (shape) => {
      const { kind, curve, point, bits = 0 } = shape.key;
      if (isPostQuantum(shape.key)) return describeKind(shape.key);
      if (kind === 'EC') return pointProblem(curve, point);
      if (kind === 'RSA' || kind === 'RSA-PSS') return rsaProblem(bits);
      return /^[\d.]+$/.test(kind) ? describeKind(shape.key) : undefined;
    },
  },
];

function pointProblem(curve: string | undefined, point: string | undefined): string | undefined {
  if (curve === 'explicit') return 'explicit curve parameters';
  if (!['P-192', 'P-224', 'P-256', 'P-384', 'P-521'].includes(curve ?? ''))
    return curve ? `curve ${curve}` : 'a key without a curve';
  return point === 'uncompressed' ? undefined : `a ${point} point as its key`;
}

/** The profile LOW, which NORMAL sets (lib/priority.c), asks for 1,024 bits. */
function rsaProblem(bits: number): string | undefined {
  if (bits === 0) return 'an RSA key that is not readable';
  return bits < 1024 ? `an RSA key of ${bits} bits` : undefined;
}

/** Reports whether GnuTLS cannot decode an extension: it is not of its type, something follows it, or keyUsage is long. */
function isUnreadable(extension: Extension): boolean {
  const { id, value } = extension;
  const element = readElement(value);
  const isLong = id === ID.keyUsage && (element?.content.length ?? 0) > 3;
  return isLong || element?.bytes.length !== value.length || isUnreadableForOpenssl(extension);
}
