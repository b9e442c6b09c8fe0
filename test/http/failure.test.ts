import { createServer } from 'node:tls';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { UserError } from '../../src/core/errors.ts';
import type { Suggestion } from '../../src/core/suggestion.ts';
import { createHttpClient } from '../../src/http/index.ts';
import { makeCertificate } from '../services/certificate.ts';
import { startHttpServer } from '../services/http-server.ts';

afterEach(() => vi.unstubAllEnvs());

async function failureAt(url: string, certificateAuthority?: string) {
  const client = createHttpClient({ environment: {}, certificateAuthority, wait: async () => {} });
  onTestFinished(() => client.close());
  const { signal } = new AbortController();
  return client.request({ url, signal }).then(
    () => ({ message: '', suggestions: [] as readonly Suggestion[] }),
    ({ message, suggestions }: UserError) => ({ message, suggestions }),
  );
}

test('an unknown host is blamed on the name, or on a proxy that is not set or not used', async () => {
  for (const name of ['HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, '');
  }
  const { suggestions } = await failureAt('https://no-such-host.invalid/');
  expect(suggestions.at(-1)?.text).toBe('If this network requires a proxy, set HTTPS_PROXY');
  vi.stubEnv('HTTPS_PROXY', 'http://me:hunter2@proxy.invalid');
  vi.stubEnv('NO_PROXY', '.invalid');
  const exempt = await failureAt('https://no-such-host.invalid/');
  expect(exempt.suggestions.at(-1)?.text).toMatch(/^If it needs the proxy from HTTPS_PROXY, remove no-/);
  expect(JSON.stringify(exempt)).not.toContain('hunter2');
});

test('a port where nothing listens and a server without TLS are told apart', async () => {
  expect((await failureAt('http://127.0.0.1:1/')).suggestions).toEqual([
    { text: 'Check the port, and that the service is running' },
  ]);
  const { host } = await startHttpServer((_, response) => response.end());
  expect((await failureAt(`https://${host}`)).suggestions).toEqual([
    { text: 'Check the port: the service may use plain HTTP, or TLS on another port' },
  ]);
});

test('a server that speaks only outdated TLS is an error that says so', async () => {
  const { pem: cert, keys } = makeCertificate({ subject: { CN: 'x' } });
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ cert, key, maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  expect((await failureAt(`https://127.0.0.1:${port}`)).message).toMatch(/ none of the TLS versions and ciphers/);
});

test('a certificate for another name and an expired one are told apart', async () => {
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
    message: expect.stringContaining('its certificate is for a different name'),
    suggestions: [{ text: 'Use one of the names in the certificate: a.example.com, 10.0.0.7' }],
  });
  const past = { names: ['127.0.0.1'], notAfter: new Date(Date.now() - 60_000) };
  expect((await failureWith(past)).suggestions).toEqual([
    { text: expect.stringMatching(/^Check this machine's clock: it shows 20/) },
    { text: 'If the clock is right, the server needs a new certificate' },
  ]);
});
