import { constants, type KeyObject, verify } from 'node:crypto';
import { childrenOf, type Element, oidOf } from '../x509/index.ts';

/** Digests of RSA signatures by object identifier (RFC 8017, A.2.4; RFC 9688, 2 for SHA-3). */
const PKCS1: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.113549.1.1.15': 'sha512-224',
  '1.2.840.113549.1.1.16': 'sha512-256',
  '2.16.840.1.101.3.4.3.13': 'sha3-224',
  '2.16.840.1.101.3.4.3.14': 'sha3-256',
  '2.16.840.1.101.3.4.3.15': 'sha3-384',
  '2.16.840.1.101.3.4.3.16': 'sha3-512',
};

const PSS = '1.2.840.113549.1.1.10';

/** Digests by object identifier (RFC 8017, B.1; NIST's register of hash functions). */
const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.5': 'sha512-224',
  '2.16.840.1.101.3.4.2.6': 'sha512-256',
  '2.16.840.1.101.3.4.2.7': 'sha3-224',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
};

/**
 * Verifies a signature with an RSA key, in the padding of PKCS#1 or PSS.
 * @param algorithm the AlgorithmIdentifier of the signature
 * @returns `undefined` if Node cannot verify such a signature
 */
export function verifySignature(
  algorithm: Element,
  data: Buffer,
  signature: Buffer,
  key: KeyObject,
): boolean | undefined {
  const [id, parameters] = childrenOf(algorithm);
  const isPss = oidOf(id) === PSS;
  const digest = isPss ? digestOfPss(parameters) : PKCS1[oidOf(id)];
  if (digest === undefined) return undefined;
  const padding = isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  // The length of the salt follows from the signature.
  const saltLength = constants.RSA_PSS_SALTLEN_AUTO;
  try {
    return verify(digest, data, isPss ? { key, padding, saltLength } : { key, padding }, signature);
  } catch {
    return undefined;
  }
}

/** Reads RSASSA-PSS-params (RFC 8017, A.2.3). Node uses one digest for the data and for the mask. */
function digestOfPss(parameters: Element | undefined): string | undefined {
  const parts = childrenOf(parameters);
  const field = (tag: number) => childrenOf(parts.find((part) => part.tag === tag))[0];
  const [hash, mask] = [field(0xa0), field(0xa1)];
  const digest = hash ? DIGESTS[oidOf(childrenOf(hash)[0])] : 'sha1';
  const maskHash = mask && childrenOf(mask)[1];
  const maskDigest = maskHash ? DIGESTS[oidOf(childrenOf(maskHash)[0])] : 'sha1';
  return digest === maskDigest ? digest : undefined;
}
