import { createServer } from 'node:tls';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { UserError } from '../../src/core/errors.ts';
import { createHttpClient } from '../../src/http/index.ts';
import { makeCertificate } from '../services/certificate.ts';
import { startHttpServer } from '../services/http-server.ts';

afterEach(() => vi.unstubAllEnvs());

async function failureAt(url: string, certificateAuthority?: string) {
  const client = createHttpClient({ environment: {}, certificateAuthority, wait: async () => {} });
  onTestFinished(() => client.close());
  const { signal } = new AbortController();
  return client.request({ url, signal }).then(
    () => ({ message: '', suggestions: [] as string[] }),
    ({ message, suggestions }: UserError) => ({ message, suggestions }),
  );
}

test('a host that is not found: the name, or a proxy that is not set or not used', async () => {
  for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, '');
  }
  const { suggestions } = await failureAt('https://no-such-host.invalid/');
  expect(suggestions.at(-1)).toBe('If this network has a proxy, name it in HTTPS_PROXY, which is not set');
  vi.stubEnv('HTTPS_PROXY', 'http://me:hunter2@proxy.invalid');
  vi.stubEnv('NO_PROXY', '.invalid');
  const exempt = await failureAt('https://no-such-host.invalid/');
  expect(exempt.suggestions.at(-1)).toMatch(
    /^Does it have to go through the proxy of HTTPS_PROXY\? NO_PROXY exempts no-/,
  );
  expect(JSON.stringify(exempt)).not.toContain('hunter2');
});

test('nothing listens, and no TLS', async () => {
  expect((await failureAt('http://127.0.0.1:1/')).suggestions).toEqual(['Is the port right, and the service running?']);
  const { host } = await startHttpServer((_, response) => response.end());
  expect((await failureAt(`https://${host}`)).suggestions).toEqual(['Is it plain HTTP, or is TLS on another port?']);
});

test('a server that speaks only what is no longer safe', async () => {
  const { pem: cert, keys } = makeCertificate({ subject: { CN: 'x' } });
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ cert, key, maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  expect((await failureAt(`https://127.0.0.1:${port}`)).message).toMatch(/ no version or cipher of TLS in common/);
});

test('a certificate that is for another name, and one that has expired', async () => {
  const authority = makeCertificate({ subject: { CN: 'Root' } });
  const failureWith = async (more: object) => {
    const { pem: certificate, keys } = makeCertificate({
      subject: { CN: 'x' },
      issuer: authority,
      isCa: false,
      ...more,
    });
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const { url } = await startHttpServer((_, response) => response.end(), { certificate, key });
    return failureAt(url, authority.pem);
  };
  expect(await failureWith({ names: ['a.example.com', '10.0.0.7'] })).toMatchObject({
    message: expect.stringContaining('its certificate is for another name'),
    suggestions: ['It is for a.example.com, 10.0.0.7: use one of these names'],
  });
  const past = { names: ['127.0.0.1'], notAfter: new Date(Date.now() - 60_000) };
  expect((await failureWith(past)).suggestions).toEqual([
    expect.stringMatching(/^Is this machine's clock right\? It says 20/),
    'If it is, the server needs a new certificate',
  ]);
});
