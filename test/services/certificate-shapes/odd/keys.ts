import { tlv } from '../../certificate.ts';
import { type Authority, makeAuthority } from '../authority.ts';
import { bits, nothing, oid, sequence } from '../encode.ts';
import { algorithmOf, type KeyName, PSS, publicKeyOf } from '../keys.ts';
import { SPKI } from './base.ts';

const withKey = (key: KeyName) => makeAuthority(`key ${key}`, { key });
const EC_KEY = oid('1.2.840.10045.2.1');
const P256 = oid('1.2.840.10045.3.1.7');

/** P-256's point with its x coordinate alone (SEC 1, 2.3.3). */
function compressed(): Buffer {
  const point = SPKI.subarray(-64);
  const key = tlv(0x03, Buffer.from([0, 2 + ((point.at(-1) ?? 0) & 1)]), point.subarray(0, 32));
  return sequence(sequence(EC_KEY, P256), key);
}

/** A key whose point is on no curve: its last octet is another one. */
function offCurve(): Buffer {
  const key = Buffer.from(SPKI);
  key[key.length - 1] = (key.at(-1) ?? 0) ^ 1;
  return key;
}

const rsaKey = (parameters: readonly Buffer[], id = '1.2.840.113549.1.1.1') => {
  const whole = publicKeyOf('rsa2048');
  // The BIT STRING follows the AlgorithmIdentifier of 15 octets, after a header of 4.
  return sequence(sequence(oid(id), ...parameters), whole.subarray(4 + 15));
};

/** A key of a kind that OpenSSL 3.0 cannot make. Nothing is signed with it, so that no reader trusts its servers. */
const postQuantum = (title: string, id: string, octetsOfKey: number) =>
  makeAuthority(title, {
    publicKey: sequence(sequence(oid(id)), bits(0, ...new Array(octetsOfKey).fill(7))),
    inner: sequence(oid(id)),
  });

/** Keys and signatures that some readers cannot use. */
export function oddKeys(): readonly Authority[] {
  return [
    // Keys.
    ...(
      [
        'rsa512',
        'rsa1024',
        'rsa2047',
        'rsa2048',
        'rsa3072',
        'rsa-exponent',
        'rsa-pss',
        'dsa',
        'P-224',
        'P-384',
        'P-521',
        'explicit',
        'brainpoolP256r1',
        'brainpoolP384r1',
        'secp256k1',
        'ed25519',
        'ed448',
      ] as const
    ).map(withKey),
    makeAuthority('a point that is not on its curve', { publicKey: offCurve() }),
    makeAuthority('a compressed point', { publicKey: compressed() }),
    makeAuthority('an RSA key without parameters', { key: 'rsa2048', publicKey: rsaKey([]) }),
    makeAuthority('an RSA key with other parameters', { key: 'rsa2048', publicKey: rsaKey([sequence()]) }),
    makeAuthority('an RSA key with the old identifier 2.5.8.1.1', {
      key: 'rsa2048',
      publicKey: rsaKey([nothing], '2.5.8.1.1'),
    }),
    makeAuthority('a key of an unknown kind', { key: 'rsa2048', publicKey: rsaKey([nothing], '1.3.6.1.4.1.99999.2') }),
    makeAuthority('an elliptic key without a curve', { publicKey: sequence(sequence(EC_KEY), SPKI.subarray(-68)) }),
    makeAuthority('an Ed25519 key with parameters', {
      key: 'ed25519',
      publicKey: sequence(sequence(oid('1.3.101.112'), nothing), publicKeyOf('ed25519').subarray(-35)),
    }),
    postQuantum('an ML-DSA key', '2.16.840.1.101.3.4.3.17', 1312),
    postQuantum('an SLH-DSA key', '2.16.840.1.101.3.4.3.20', 32),
    // Signatures.
    makeAuthority('a signature with SHA-1', { key: 'rsa2048', digest: 'sha1' }),
    makeAuthority('a signature with MD5', { key: 'rsa2048', digest: 'md5' }),
    makeAuthority('a signature with RSA-PSS by an RSA key', { key: 'rsa2048', inner: PSS }),
    makeAuthority('a signature of an unknown algorithm', { inner: sequence(oid('1.3.6.1.4.1.99999.3')) }),
    makeAuthority('another algorithm outside', { outer: algorithmOf('P-256', 'sha384') }),
    makeAuthority('NULL outside, nothing inside', { outer: sequence(oid('1.2.840.10045.4.3.2'), nothing) }),
    makeAuthority('no parameters of RSA, in both places', {
      key: 'rsa2048',
      inner: sequence(oid('1.2.840.113549.1.1.11')),
    }),
  ];
}
