import type { ConnectionOptions } from 'node:tls';

/**
 * What a client in Go offers (golang/go, crypto/tls, as of 1.27): versions (`Config.supportedVersions` in common.go),
 * cipher suites (`defaultCipherSuites` in defaults.go; RSA key exchange is gone since 1.22, 3DES since 1.23), curves
 * (`defaultCurveEnabled`) and signatures (`defaultSupportedSignatureAlgorithms`; SHA-1 is gone since 1.25). DHE was never
 * in it. The post-quantum key exchanges of 1.24 and 1.26 are left out: every Node lacks some of them, and servers that have
 * them have the others too.
 *
 * Level 0 lets OpenSSL accept every key, so that the verdict is Go's alone.
 */
export const GO_OFFER: ConnectionOptions = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-SHA', 'AES256-SHA'].flatMap((suite) => [
      `ECDHE-ECDSA-${suite}`,
      `ECDHE-RSA-${suite}`,
    ]),
    '@SECLEVEL=0',
  ].join(':'),
  ecdhCurve: 'X25519:P-256:P-384:P-521',
  sigalgs: [
    'rsa_pss_rsae_sha256',
    'ecdsa_secp256r1_sha256',
    'ed25519',
    'rsa_pss_rsae_sha384',
    'rsa_pss_rsae_sha512',
    'rsa_pkcs1_sha256',
    'rsa_pkcs1_sha384',
    'rsa_pkcs1_sha512',
    'ecdsa_secp384r1_sha384',
    'ecdsa_secp521r1_sha512',
  ].join(':'),
};
