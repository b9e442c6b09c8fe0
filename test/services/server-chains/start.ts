import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Issued } from './issue.ts';

/** Starts a TLS server of the test that sends these certificates and hangs up after the handshake. Returns its port. */
export async function startServer(sent: readonly [Issued, ...Issued[]], options: TlsOptions = {}): Promise<number> {
  const key = sent[0].privateKey.export({ type: 'pkcs8', format: 'pem' });
  const cert = sent.map(({ pem }) => pem).join('');
  const server = createServer({ key, cert, ciphers: 'DEFAULT:@SECLEVEL=0', ...options }, (socket) => socket.end());
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
