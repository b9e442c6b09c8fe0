import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type SecureContextOptions } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { performHandshake, performHandshakeLikeGo } from '../../../src/http/index.ts';
import { makeCertificate } from '../../services/certificate.ts';

const root = makeCertificate({ subject: { CN: 'Root' } });
const cross = makeCertificate({ subject: { CN: 'Issuing' }, issuer: root });
const twin = makeCertificate({ subject: { CN: 'Issuing' }, keys: cross.keys });
const stranger = makeCertificate({ subject: { CN: 'Stranger' } });
const leaf = makeCertificate({ subject: { CN: 'localhost' }, issuer: cross, isCa: false, names: ['localhost'] });

async function startServer(options: SecureContextOptions): Promise<number> {
  const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const cert = [leaf, stranger, twin, cross].map(({ pem }) => pem).join('');
  const server = createServer({ key, cert, ...options }, (socket) => socket.end()).on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const targetOf = (port: number) => ({
  host: '127.0.0.1',
  port,
  servername: 'localhost',
  timeout: 5000,
  signal: new AbortController().signal,
});

test.each<readonly [string, SecureContextOptions]>([
  ['TLS_AES_128_GCM_SHA256', { ciphers: 'TLS_AES_128_GCM_SHA256' }],
  ['TLS_AES_256_GCM_SHA384', { ciphers: 'TLS_AES_256_GCM_SHA384' }],
  ['TLS_CHACHA20_POLY1305_SHA256', { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }],
  // The client offers a key for X25519 first, and is sent back for another one.
  ['TLS_AES_256_GCM_SHA384', { ecdhCurve: 'P-384' }],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA' }],
])('all certificates that a server sends are known, in its order: %s', async (cipherSuite, options) => {
  const target = targetOf(await startServer(options));
  const sent = [leaf, stranger, twin, cross].map(({ der }) => der);
  expect(await performHandshakeLikeGo(target)).toMatchObject({ sent, cipherSuite });
  expect(await performHandshake(target, [root.pem])).toMatchObject({ sent });
});

test.each<readonly [string, SecureContextOptions]>([
  ['cipher suite', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-CCM' }],
  ['curve', { ecdhCurve: 'X448' }],
])('a server that has no %s in common with Go has none in common with its offer', async (_what, options) => {
  const target = targetOf(await startServer(options));
  expect(await performHandshakeLikeGo(target)).toBeUndefined();
  expect(await performHandshake(target, [root.pem])).toMatchObject({ protocol: expect.stringMatching(/^TLSv1/) });
});
