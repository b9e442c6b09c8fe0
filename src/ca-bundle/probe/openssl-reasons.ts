import { type Facts, missingIssuer, outOfDate } from './facts.ts';
import {
  distrusted,
  notACa,
  otherHost,
  otherPurpose,
  unknownIssuer,
  wrongSignatureInPath,
} from './openssl-sentences.ts';
import { BY_WORDS, revocation, type Sentence } from './openssl-words.ts';

/**
 * Why OpenSSL rejects a server, by the names that Node has for the codes of X509_verify_cert (openssl,
 * include/openssl/x509_vfy.h.in; node, `X509ErrorCode`).
 */
const BY_CODE: Readonly<Record<string, Sentence>> = {
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  DEPTH_ZERO_SELF_SIGNED_CERT: missingIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: missingIssuer,
  CERT_HAS_EXPIRED: outOfDate,
  CERT_NOT_YET_VALID: outOfDate,
  CERT_SIGNATURE_FAILURE: wrongSignatureInPath,
  HOSTNAME_MISMATCH: otherHost,
  IP_ADDRESS_MISMATCH: otherHost,
  INVALID_PURPOSE: otherPurpose,
  INVALID_CA: notACa,
  PATH_LENGTH_EXCEEDED: 'a CA of its chain allows fewer intermediates below it than there are (path length)',
  CERT_CHAIN_TOO_LONG: 'its chain has more certificates than OpenSSL follows',
  CERT_REVOKED: 'a certificate of its chain is revoked',
  CERT_UNTRUSTED: distrusted,
  CERT_REJECTED: distrusted,
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'the signature of a certificate of its chain cannot be read',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'the key of a CA of its chain cannot be read',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'a certificate of its chain has a malformed start date',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'a certificate of its chain has a malformed end date',
  OUT_OF_MEM: 'OpenSSL ran out of memory',
  UNABLE_TO_GET_CRL: revocation('there is no revocation list'),
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: revocation('the signature of a revocation list cannot be read'),
  CRL_SIGNATURE_FAILURE: revocation('a revocation list has a wrong signature'),
  CRL_NOT_YET_VALID: revocation('a revocation list is not valid yet'),
  CRL_HAS_EXPIRED: revocation('a revocation list has expired'),
  ERROR_IN_CRL_LAST_UPDATE_FIELD: revocation('a revocation list has a malformed date'),
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: revocation('a revocation list has a malformed date'),
};

/**
 * Explains why OpenSSL rejects a server.
 * @param code Node's name for it; @param words OpenSSL's own, if Node has no name
 */
export function explainRejection(code: string, words: string | undefined, facts: Facts): string {
  const sentence = BY_CODE[code] ?? (words === undefined ? undefined : BY_WORDS[words]);
  if (typeof sentence === 'function') return sentence(facts);
  return sentence ?? `OpenSSL says "${words ?? code}"`;
}
