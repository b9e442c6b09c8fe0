/** A named elliptic curve: its name, and the octets of one coordinate. */
export interface Curve {
  readonly name: string;
  readonly octets: number;
}

/** Curves by object identifier (SEC 2, RFC 5639). */
export const CURVES: Readonly<Record<string, Curve>> = {
  '1.2.840.10045.3.1.1': { name: 'P-192', octets: 24 },
  '1.3.132.0.33': { name: 'P-224', octets: 28 },
  '1.2.840.10045.3.1.7': { name: 'P-256', octets: 32 },
  '1.3.132.0.34': { name: 'P-384', octets: 48 },
  '1.3.132.0.35': { name: 'P-521', octets: 66 },
  '1.3.132.0.10': { name: 'secp256k1', octets: 32 },
  '1.3.36.3.3.2.8.1.1.7': { name: 'brainpoolP256r1', octets: 32 },
  '1.3.36.3.3.2.8.1.1.11': { name: 'brainpoolP384r1', octets: 48 },
  '1.3.36.3.3.2.8.1.1.13': { name: 'brainpoolP512r1', octets: 64 },
};

/** Kinds of keys by object identifier, besides RSA and those on curves (RFC 8410, RFC 9881, RFC 9909). */
export const KEY_KINDS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10040.4.1': 'DSA',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
};
