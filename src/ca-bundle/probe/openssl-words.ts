import type { Facts } from './facts.ts';
import { notACa, otherHost, otherKeyIdentifier, otherPurpose } from './openssl-sentences.ts';

/** Why OpenSSL rejects a server, in words or by the facts. */
export type Sentence = string | ((facts: Facts) => string);

/** A reason that only a client gives that checks revocation lists. */
export const revocation = (what: string) => `OpenSSL was asked to check for revoked certificates, and ${what}`;
const strict = (what: string) => `a certificate of its chain ${what}, which OpenSSL rejects in strict mode`;
const suiteB = (what: string) => `OpenSSL allows only Suite B, and ${what}`;
const ocsp = (what: string) => `OpenSSL was asked for the state of its certificate (OCSP), and ${what}`;

/** Why OpenSSL rejects a server, by its own words, for the codes that Node calls `UNSPECIFIED` (openssl, crypto/x509/x509_txt.c). */
export const BY_WORDS: Readonly<Record<string, Sentence>> = {
  'EE certificate key too weak': ({ path: [{ subject, key }] }) =>
    `its certificate ${subject} has a weak key (${key.name}); OpenSSL requires RSA with 2048 bits, or as strong`,
  'CA certificate key too weak': ({ path: [, ...issuers] }) => {
    const weak = issuers.find(({ key }) => (key.rsaBits ?? 2048) < 2048);
    const which = weak
      ? `${weak.subject}, a CA of its chain, has a weak key (${weak.key.name})`
      : 'a CA of its chain has a weak key';
    return `${which}; OpenSSL requires RSA with 2048 bits, or as strong`;
  },
  'CA signature digest algorithm too weak': ({ path }) => {
    const weak = path.find(({ weakDigest, isRoot }) => weakDigest && !isRoot);
    return weak
      ? `${weak.subject} is signed with ${weak.weakDigest}`
      : 'a certificate of its chain is signed with a weak digest';
  },
  'unhandled critical extension': 'a certificate of its chain has a critical extension that OpenSSL does not know',
  'permitted subtree violation': 'a CA of its chain may not issue certificates for the names in it (name constraints)',
  'excluded subtree violation': 'a CA of its chain may not issue certificates for the names in it (name constraints)',
  'name constraints minimum and maximum not supported':
    'a CA of its chain has name constraints that OpenSSL does not support',
  'unsupported name constraint type': 'a CA of its chain has name constraints of a type that OpenSSL does not support',
  'unsupported or invalid name constraint syntax': 'a CA of its chain has malformed name constraints',
  'unsupported or invalid name syntax': 'a certificate of its chain has a malformed name',
  "issuer certificate doesn't have a public key": 'a CA of its chain has no key that OpenSSL can read',
  'subject issuer mismatch': 'a certificate of its chain names another issuer',
  'authority and subject key identifier mismatch': otherKeyIdentifier,
  'authority and issuer serial number mismatch': otherKeyIdentifier,
  'key usage does not include certificate signing': notACa,
  'key usage does not include digital signature': otherPurpose,
  'invalid non-CA certificate (has CA markings)': 'its certificate has the marks of a CA',
  'proxy path length constraint exceeded': 'it uses more proxy certificates than allowed',
  'proxy certificates not allowed, please set the appropriate flag': 'it uses a proxy certificate (RFC 3820)',
  'proxy subject name violation': 'it uses a proxy certificate with a wrong name (RFC 3820)',
  'invalid or inconsistent certificate extension': 'a certificate of its chain has a malformed extension',
  'invalid or inconsistent certificate policy extension': 'a certificate of its chain has malformed policies',
  'no explicit policy': 'a CA of its chain requires a certificate policy that others of the chain lack',
  'unsupported extension feature': 'a certificate of its chain has an extension that OpenSSL does not support',
  "RFC 3779 resource not subset of parent's resources":
    'a certificate of its chain claims addresses that its CA does not have (RFC 3779)',
  'path loop': 'the certificates of its chain sign each other in a circle',
  'hostname mismatch': otherHost,
  'IP address mismatch': otherHost,
  'email address mismatch': 'its certificate is for another email address',
  'no matching DANE TLSA records': 'no DANE record in DNS matches its chain',
  'application verification failure': 'the program that uses OpenSSL rejects its chain',
  'invalid certificate verification context': 'OpenSSL was not set up to verify certificates',
  'issuer certificate lookup error': 'OpenSSL failed to look up an issuer',
  'Certificate Transparency required, but no valid SCTs found': 'its certificate is in no Certificate Transparency log',
  'Cannot find certificate signature algorithm':
    'a certificate of its chain is signed with an algorithm that OpenSSL does not know',
  'subject signature algorithm and issuer public key algorithm mismatch':
    'a certificate of its chain is signed with another type of key than its issuer has',
  'cert info signature and signature algorithm mismatch': 'a certificate of its chain names two signature algorithms',
  'Certificate public key has explicit ECC parameters':
    'a certificate of its chain has a key on a curve without a name (explicit parameters)',
  'Raw public key untrusted, no trusted keys configured': 'it uses a key without a certificate (RFC 7250)',
  'unspecified certificate verification error': 'OpenSSL rejects its chain and gives no reason',
  'unable to get CRL issuer certificate': revocation('the issuer of a revocation list is unknown'),
  'key usage does not include CRL signing': revocation('a CA of its chain may not sign revocation lists'),
  'unhandled critical CRL extension': revocation(
    'a revocation list has a critical extension that OpenSSL does not know',
  ),
  'different CRL scope': revocation('no revocation list covers its certificate'),
  'CRL path validation error': revocation('a revocation list is not trusted'),
  'OCSP verification needed': ocsp('nothing was checked yet'),
  'OCSP verification failed': ocsp('the check failed'),
  'OCSP unknown cert': ocsp('its CA does not know it'),
  'OCSP response(s) invalid': ocsp('the answer is invalid'),
  'OCSP response signature verification failure': ocsp('the answer has a wrong signature'),
  'OCSP response not yet valid (contains a date in the future)': ocsp('the answer is not valid yet'),
  'OCSP response has expired': ocsp('the answer has expired'),
  'no OCSP response available for certificate': ocsp('there is no answer'),
  'Path length invalid for non-CA cert': strict('is not a CA and has a path length'),
  'Path length given without key usage keyCertSign': strict('has a path length and may not sign certificates'),
  'Key usage keyCertSign invalid for non-CA cert': strict('is not a CA and may sign certificates'),
  'Issuer name empty': strict('has no issuer name'),
  'Subject name empty': strict('has no subject name'),
  'Missing Authority Key Identifier': strict('has no authority key identifier'),
  'Missing Subject Key Identifier': strict('has no subject key identifier'),
  'Empty Subject Alternative Name extension': strict('has an empty subjectAltName'),
  'Basic Constraints of CA cert not marked critical': strict('has basic constraints that are not critical'),
  'Subject empty and Subject Alt Name extension not critical': strict(
    'has no subject name, and a subjectAltName that is not critical',
  ),
  'Authority Key Identifier marked critical': strict('has a critical authority key identifier'),
  'Subject Key Identifier marked critical': strict('has a critical subject key identifier'),
  'CA cert does not include key usage extension': strict('is a CA without key usage'),
  'Using cert extension requires at least X509v3': strict('has extensions and an old version'),
  'Suite B: certificate version invalid': suiteB('a certificate of its chain has an old version'),
  'Suite B: invalid public key algorithm': suiteB('a certificate of its chain has another type of key'),
  'Suite B: invalid ECC curve': suiteB('a certificate of its chain has a key on another curve'),
  'Suite B: invalid signature algorithm': suiteB('a certificate of its chain is signed with another algorithm'),
  'Suite B: curve not allowed for this LOS': suiteB('a key of its chain is on a curve of another level'),
  'Suite B: cannot sign P-384 with P-256': suiteB('a stronger key is signed with a weaker one'),
};
