import type { TlsOptions } from 'node:tls';
import { expect } from 'vitest';
import { performHandshakeLikeGo } from '../../../src/http/index.ts';
import { name, utf8 } from '../../services/certificate-shapes/encode.ts';
import { dialWithGo, GO_ROOTS } from '../../services/go-handshakes/ask.ts';
import { testWith } from '../../services/programs.ts';
import { issue, type KeyName } from '../../services/server-chains/issue.ts';
import { startServer } from '../../services/server-chains/start.ts';

const TLS_1_2 = { maxVersion: 'TLSv1.2' } as const;
const only = (ciphers: string, more: TlsOptions = {}): TlsOptions => ({
  ...TLS_1_2,
  ciphers: `${ciphers}:@SECLEVEL=0`,
  ...more,
});

/**
 * Servers by what they accept; whether Go and what we offer in its place come to terms with them; and the version of Go that
 * gave it up.
 */
const SERVERS: readonly (readonly [string, KeyName, TlsOptions, boolean, '1.22' | '1.25' | ''])[] = [
  ['everything', 'P-256', {}, true, ''],
  ['everything, with RSA', 'RSA 2048', {}, true, ''],
  ['everything, with Ed25519', 'Ed25519', {}, true, ''],
  ['TLS 1.2', 'RSA 2048', TLS_1_2, true, ''],
  ['DHE alone', 'RSA 2048', only('DHE-RSA-AES128-GCM-SHA256', { dhparam: 'auto' }), false, ''],
  ['RSA key exchange alone', 'RSA 2048', only('AES128-GCM-SHA256'), false, '1.22'],
  ['ECDHE with AES-CBC and SHA-1', 'RSA 2048', only('ECDHE-RSA-AES256-SHA'), true, ''],
  ['ECDHE with AES-CBC and SHA-384', 'RSA 2048', only('ECDHE-RSA-AES256-SHA384'), false, ''],
  ['ECDHE with Camellia', 'RSA 2048', only('ECDHE-RSA-CAMELLIA256-SHA384'), false, ''],
  ['ECDHE with AES-CCM', 'P-256', only('ECDHE-ECDSA-AES256-CCM'), false, ''],
  ['ChaCha20', 'P-256', only('ECDHE-ECDSA-CHACHA20-POLY1305'), true, ''],
  ['ChaCha20 of TLS 1.3', 'P-256', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, true, ''],
  ['AES-CCM of TLS 1.3', 'P-256', { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_CCM_SHA256' }, false, ''],
  ['TLS 1.1', 'RSA 2048', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }, false, ''],
  ['P-521', 'P-256', { ecdhCurve: 'P-521' }, true, ''],
  ['X448', 'P-256', { ecdhCurve: 'X448' }, false, ''],
  ['brainpool', 'RSA 2048', only('ECDHE-RSA-AES128-GCM-SHA256', { ecdhCurve: 'brainpoolP256r1' }), false, ''],
  ['signatures with SHA-1', 'RSA 2048', { ...only('ECDHE-RSA-AES128-GCM-SHA256'), sigalgs: 'RSA+SHA1' }, false, '1.25'],
  [
    'signatures with RSA and SHA-224',
    'RSA 2048',
    { ...only('ECDHE-RSA-AES128-GCM-SHA256'), sigalgs: 'RSA+SHA224' },
    false,
    '',
  ],
  ['signatures with RSA-PSS and SHA-512', 'RSA 2048', { sigalgs: 'rsa_pss_rsae_sha512' }, true, ''],
];

testWith('go')('what is offered in the place of Go is accepted where Go is', async () => {
  const ports: number[] = [];
  for (const [, key, options] of SERVERS) {
    const subject = name(['CN', utf8('localhost')]);
    ports.push(await startServer([issue({ subject, key, names: ['DNS:localhost'] })], options));
  }
  const { signal } = new AbortController();
  const ours: string[] = [];
  for (const [index, port] of ports.entries()) {
    const handshake = await performHandshakeLikeGo({ host: '127.0.0.1', port, timeout: 10_000, signal });
    ours.push(`${SERVERS[index]?.[0]}: ${handshake !== undefined}`);
  }
  expect(ours).toEqual(SERVERS.map(([title, , , isAccepted]) => `${title}: ${isAccepted}`));
  for (const goRoot of GO_ROOTS) {
    const answers = await dialWithGo(
      ports.map((port) => `127.0.0.1:${port}`),
      goRoot,
    );
    const wrong = answers.flatMap(({ version, trusted, error }, index) => {
      const [title, , , isAccepted, since = ''] = SERVERS[index] ?? [];
      const isOlder = since !== '' && Number(/^go1\.(\d+)/.exec(version)?.[1]) < Number(since.slice(2));
      return trusted === isAccepted || isOlder ? [] : `${version}, ${title}: ${error || 'accepted'}`;
    });
    expect(wrong).toEqual([]);
  }
});
