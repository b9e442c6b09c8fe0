/** What Go has against a certificate or a chain. The functions named are those of golang/go, crypto/x509 and crypto/tls. */
export type GoProblemKind =
  /** `ParseCertificate` fails. The pool of roots ignores such a certificate; sent by a server, it ends the handshake. */
  | 'unreadable'
  /** crypto/tls: `verifyServerCertificate` reads no RSA key beyond 8192 bits, and knows RSA, ECDSA and Ed25519 keys. */
  | 'large-rsa-key'
  | 'unsupported-key'
  /** crypto/rsa: `checkKeySize`, since 1.24. */
  | 'small-rsa-key'
  /** `VerifyHostname`, without and with a subjectAltName. */
  | 'no-alternative-name'
  | 'other-name'
  /** `isValid`. */
  | 'unhandled-extension'
  | 'not-valid-yet'
  | 'expired'
  | 'path-too-long'
  /** `CheckSignatureFrom`, and `isValid` for intermediates of versions 1 and 2. */
  | 'not-a-ca'
  | 'no-certificate-signing'
  | 'unsupported-signature'
  | 'insecure-digest'
  | 'wrong-signature'
  /** `buildChains`. */
  | 'unknown-authority'
  | 'too-many-signatures'
  /** `Verify`, of whole chains. */
  | 'not-for-servers'
  | 'forbidden-name';

/** Why Go does not trust a server. */
export interface GoProblem {
  readonly kind: GoProblemKind;
  /** The encoded certificate that it is about: for `unknown-authority`, the one whose issuer is unknown. */
  readonly der: Buffer;
  /** A digest, a name, an object identifier. */
  readonly detail?: string;
  /** The first version of Go that minds, or the first that no longer does, if not every Go from 1.23 on: `1.24`. */
  readonly since?: string;
  readonly before?: string;
  /** For `unknown-authority`: what Go has against the first certificate that could be the issuer. */
  readonly hint?: GoProblem;
}
