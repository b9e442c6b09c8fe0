import { execFileSync } from 'node:child_process';
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { context, integer, nothing, oid, sequence } from './encode.ts';

function withExponent(exponent: string): Pair {
  const options = ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_pubexp:${exponent}`];
  const pem = execFileSync('openssl', ['genpkey', ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const PSS_OPTIONS = { modulusLength: 2048, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256' } as const;

/** Kinds of keys that certificate authorities have, or might have. */
const MAKERS = {
  rsa512: () => generateKeyPairSync('rsa', { modulusLength: 512 }),
  rsa1024: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa2047: () => generateKeyPairSync('rsa', { modulusLength: 2047 }),
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  rsa3072: () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
  // Node makes none with an exponent above 2^32.
  'rsa-exponent': () => withExponent('4294967297'),
  'rsa-pss': () => generateKeyPairSync('rsa-pss', PSS_OPTIONS),
  dsa: () => generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }),
  'P-224': () => generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  explicit: () => generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }),
  brainpoolP256r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }),
  brainpoolP384r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP384r1' }),
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  ed448: () => generateKeyPairSync('ed448'),
} as const;

export type KeyName = keyof typeof MAKERS;

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const made = new Map<string, Pair>();

/** Returns a key pair, the same one for the same name and number within a process. */
export function pairOf(key: KeyName, number = 0): Pair {
  const id = `${key} ${number}`;
  const pair = made.get(id) ?? (MAKERS[key]() as Pair);
  made.set(id, pair);
  return pair;
}

/** The encoded SubjectPublicKeyInfo. */
export function publicKeyOf(key: KeyName, number = 0): Buffer {
  return pairOf(key, number).publicKey.export({ type: 'spki', format: 'der' });
}

/** A key identifier as most authorities make it (RFC 5280, 4.2.1.2), here of the whole SubjectPublicKeyInfo. */
export function keyIdOf(publicKey: Buffer): Buffer {
  return createHash('sha1').update(publicKey).digest();
}

export type Digest = 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'md5';

const RSA = { md5: 4, sha1: 5, sha256: 11, sha384: 12, sha512: 13 } as const;
const ECDSA = { md5: '4.1', sha1: '4.1', sha256: '4.3.2', sha384: '4.3.3', sha512: '4.3.4' } as const;
const SHA_256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing);

/** RSASSA-PSS with SHA-256 and a salt of 32 octets (RFC 4055, 3.1). */
export const PSS = sequence(
  oid('1.2.840.113549.1.1.10'),
  sequence(context(0, SHA_256), context(1, sequence(oid('1.2.840.113549.1.1.8'), SHA_256)), context(2, integer(32))),
);

/** The AlgorithmIdentifier with which a key signs. */
export function algorithmOf(key: KeyName, digest: Digest = 'sha256'): Buffer {
  if (key === 'rsa-pss') return PSS;
  if (key === 'ed25519') return sequence(oid('1.3.101.112'));
  if (key === 'ed448') return sequence(oid('1.3.101.113'));
  if (key === 'dsa') return sequence(oid('2.16.840.1.101.3.4.3.2'));
  if (key.startsWith('rsa')) return sequence(oid(`1.2.840.113549.1.1.${RSA[digest]}`), nothing);
  return sequence(oid(`1.2.840.10045.${ECDSA[digest]}`));
}

/** Signs as `algorithmOf` says. */
export function signWith(key: KeyName, data: Buffer, digest: Digest = 'sha256', number = 0): Buffer {
  const { privateKey } = pairOf(key, number);
  if (key === 'ed25519' || key === 'ed448') return sign(null, data, privateKey);
  if (key !== 'rsa-pss') return sign(digest, data, privateKey);
  return sign(digest, data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
}
