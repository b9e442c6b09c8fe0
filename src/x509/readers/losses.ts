import { childrenOf, type Element } from '../der.ts';
import { extensionName, ID } from './extension-names.ts';
import { isUnreadableForOpenssl } from './extension-types.ts';
import { isNull } from './keys.ts';
import { isOpensslString } from './names.ts';
import { largestArcOf, oidsOf } from './oids.ts';
import type { Rule } from './reader.ts';
import { type Extension, extensionIn } from './shape.ts';
import { readDer } from './strict-der.ts';

/**
 * GnuTLS (git on Debian and Ubuntu) loads no certificate of a file of which it cannot import one:
 * gnutls_x509_trust_list_add_trust_mem, lib/x509/verify-high2.c. What it cannot import: lib/x509/x509.c,
 * gnutls_x509_crt_import, compare_sig_algorithm, cache_alt_names, _gnutls_check_cert_sanity; read in 3.7.9 and 3.8.13.
 */
export const GNUTLS_LOSSES: readonly Rule[] = [
  {
    id: 'gnutls/duplicate-extension',
    consequence: 'loses the file',
    reason: ({ extensions = [] }) => {
      const ids = extensions.map(({ id }) => id);
      const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
      return duplicate && `it has ${extensionName(duplicate)} twice`;
    },
  },
  {
    id: 'gnutls/algorithms',
    consequence: 'loses the file',
    reason: ({ inner, outer }) =>
      isSameAlgorithm(inner, outer) ? undefined : 'its signature algorithm differs inside and outside',
  },
  {
    id: 'gnutls/version',
    consequence: 'loses the file',
    reason: ({ version, extensions, uniqueIds }) => {
      const [number = 0] = version?.content ?? [];
      if (number >= 0x80 || (version?.content.length ?? 1) > 1) return 'its version is out of range';
      if (number < 2 && extensions) return `it has extensions in version ${number + 1}`;
      return number < 1 && uniqueIds.length > 0 ? 'it has unique identifiers in version 1' : undefined;
    },
  },
  {
    id: 'gnutls/alternative-names',
    consequence: 'loses the file',
    reason: (shape) => {
      const bad = [ID.alternativeNames, ID.issuerNames].find((id) => {
        const extension = extensionIn(shape, id);
        return extension && !isImportable(extension);
      });
      return bad && `${extensionName(bad)} is malformed`;
    },
  },
  {
    // libtasn1 keeps numbers of 64 bits (lib/decoding.c, asn1_get_object_id_der), GnuTLS identifiers of 128 characters.
    id: 'gnutls/oid',
    consequence: 'loses the file',
    reason: (shape) =>
      oidsOf(shape).some((id) => largestArcOf(id) >= 2 ** 63 || id.length >= 120)
        ? 'it has an object identifier that is too long'
        : undefined,
  },
];

/**
 * OpenSSL refuses a file of which it cannot decode one certificate: X509_load_cert_crl_file, crypto/x509/by_file.c. Decoding
 * includes the names: crypto/x509/x_name.c, 3.0.20.
 */
export const OPENSSL_LOSSES: readonly Rule[] = [
  {
    id: 'openssl/name',
    consequence: 'loses the file',
    reason: ({ issuerAttributes, subjectAttributes }) =>
      [...issuerAttributes, ...subjectAttributes].every(isOpensslString)
        ? undefined
        : 'its name has a value of a broken or unsuitable string type',
  },
];

/** Compares AlgorithmIdentifiers; NULL and no parameters are the same. */
function isSameAlgorithm(one: Element, other: Element): boolean {
  const [[id, parameters], [otherId, otherParameters]] = [childrenOf(one), childrenOf(other)];
  const text = (element: Element | undefined) => (isNull(element) ? '' : (element?.bytes.toString('hex') ?? ''));
  return text(id) === text(otherId) && text(parameters) === text(otherParameters);
}

/** Reports whether GnuTLS can import alternative names: DER without empty texts; it does not look at the characters. */
function isImportable(extension: Extension): boolean {
  const list = readDer(extension.value);
  if (!list || isUnreadableForOpenssl(extension)) return false;
  return childrenOf(list).every(({ tag, content }) => ![0x81, 0x82, 0x86].includes(tag) || content.length > 0);
}
