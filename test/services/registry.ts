import { execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { send } from './send.ts';
import { temporaryFolder } from './temporary.ts';
import { ISSUER, SERVICE } from './token-issuer.ts';

const run = promisify(execFile);

export interface Registry {
  readonly url: string;
  /** `127.0.0.1:PORT`, as image references have it. */
  readonly host: string;
}

/**
 * Starts Debian's docker-registry on a free port of loopback; it ends with the test.
 * @param tls PEM files that make it HTTPS; @param credentials that it then asks for
 * @param data its storage, if another registry has filled it; @param tokens where to get the tokens it wants, and the
 *   certificate (PEM) that their issuer's key has to have
 */
export async function startRegistry({
  tls,
  credentials,
  data,
  tokens,
}: {
  tls?: {
    key: string;
    certificate: string;
    certificateAuthority: string;
    /** PEM file of the authorities whose clients alone are let in, and one such client. */
    clientAuthorities?: string;
    clientCertificate?: { certificate: string; key: string };
  };
  credentials?: { username: string; password: string };
  data?: string;
  tokens?: { realm: string; trusted: string };
} = {}): Promise<Registry> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const http: Record<string, unknown> = { addr: `127.0.0.1:${port}` };
  if (tls) {
    const { certificate, key, clientAuthorities } = tls;
    http['tls'] = { certificate, key, ...(clientAuthorities && { clientcas: [clientAuthorities] }) };
  }
  const configuration: Record<string, unknown> = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: data ?? path.join(folder, 'data') } },
    http,
  };
  if (credentials) {
    const { stdout } = await run('htpasswd', ['-Bbn', credentials.username, credentials.password]);
    await writeFile(path.join(folder, 'htpasswd'), stdout);
    configuration['auth'] = { htpasswd: { realm: 'test', path: path.join(folder, 'htpasswd') } };
  }
  if (tokens) {
    const rootcertbundle = path.join(folder, 'issuer.pem');
    await writeFile(rootcertbundle, tokens.trusted);
    configuration['auth'] = { token: { realm: tokens.realm, service: SERVICE, issuer: ISSUER, rootcertbundle } };
  }
  const file = path.join(folder, 'registry.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration));
  const server = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const { certificateAuthority, clientCertificate } = tls ?? {};
  await answering(`${url}/v2/`, { credentials, certificateAuthority, clientCertificate });
  return { url, host: `127.0.0.1:${port}` };
}

async function answering(url: string, options: Parameters<typeof send>[2]): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      await send('GET', url, options);
      return;
    } catch (error) {
      // It answers: that a token is wanted is what this registry is for.
      if (error instanceof Error && error.message.includes(': 401 ')) return;
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
