import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { performHandshake, readBody } from '../../src/http/index.ts';
import { createAuthority } from '../services/authority.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { startTunnel } from '../services/tunnel.ts';

const { signal } = new AbortController();
const url = 'https://far.invalid/x';

afterEach(() => vi.unstubAllEnvs());

async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (each: Error) => each,
  );
  return { error, shown: JSON.stringify(error) + String(error?.message) };
}

/** A proxy that refuses, and what becomes of a request that goes through it, with a password for it. */
async function refusedBy(answer: string) {
  const { proxy, tunnels } = await startTunnel('', { answer });
  vi.stubEnv('HTTPS_PROXY', proxy.replace('//', '//me:hunter%252@'));
  const headers = { authorization: 'Bearer secret' };
  return { ...(await failureOf(client().request({ url, headers, signal }))), tunnels };
}

test('plain HTTP goes through the proxy with its login, and directly to hosts that NO_PROXY names', async () => {
  const proxy = await startHttpServer((request, response) => response.end(`proxied ${request.url}`));
  vi.stubEnv('http_proxy', `http://me:pass%20word@${proxy.host}`);
  vi.stubEnv('no_proxy', 'direct.invalid');
  const response = await client().request({ url: 'http://far.invalid/x', headers: { a: 'b' }, signal });
  expect(await textOf(response)).toBe('proxied http://far.invalid/x');
  const login = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
  expect(proxy.requests[0]?.headers).toMatchObject({ host: 'far.invalid', 'proxy-authorization': login, a: 'b' });
  await expect(client().request({ url: 'http://direct.invalid/', signal })).rejects.toThrow('direct.invalid');
  expect(proxy.requests).toHaveLength(1);
});

testWith('openssl')(
  'plain HTTP goes through a proxy over TLS, whose certificate is checked by its own name',
  async () => {
    const { authority, ...tls } = await createAuthority();
    const proxy = await startHttpServer((request, response) => response.end(`proxied ${request.url}`), tls);
    vi.stubEnv('http_proxy', proxy.url.replace('127.0.0.1', 'localhost'));
    const response = await client({ certificateAuthority: authority }).request({ url: 'http://far.invalid/x', signal });
    expect(await textOf(response)).toBe('proxied http://far.invalid/x');
    expect(response.certificate).toBeUndefined();
    vi.stubEnv('http_proxy', 'socks5://localhost:1');
    await expect(client().request({ url: 'http://far.invalid/x', signal })).rejects.toMatchObject({
      code: 'SPACECTL_BAD_INPUT',
    });
  },
);

testWith('openssl')('https goes through a tunnel of the proxy', async () => {
  const { authority, ...tls } = await createAuthority(['far.invalid']);
  const server = await startHttpServer((_, response) => response.end('far'), tls);
  const { proxy, tunnels } = await startTunnel(server.host);
  vi.stubEnv('https_proxy', proxy);
  const response = await client({ certificateAuthority: authority }).request({ url: 'https://far.invalid/', signal });
  expect(await textOf(response)).toBe('far');
  expect(tunnels).toEqual(['far.invalid:443']);
});

test.each([401, 403, 302, 404])(
  'what a proxy answers to CONNECT is never the answer of the server: %i',
  async (status) => {
    const elsewhere = await startHttpServer((_, response) => response.end('mine'));
    const login = `WWW-Authenticate: Bearer realm="${elsewhere.url}"\r\nLocation: ${elsewhere.url}/stolen`;
    const { error, shown } = await refusedBy(`HTTP/1.1 ${status} No\r\n${login}\r\nContent-Length: 0\r\n\r\n`);
    expect(error).toMatchObject({
      code: 'SPACECTL_UNREACHABLE',
      message: expect.stringMatching(/^The proxy localhost:\d+ refused to connect to far.invalid:443 \(HTTP/),
    });
    expect(shown).not.toContain('hunter');
    expect(elsewhere.requests).toEqual([]);
  },
);

test('a proxy that wants credentials says so, for https and http, and none are shown', async () => {
  const answer = 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n';
  const { error, shown, tunnels } = await refusedBy(answer);
  expect(error).toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: expect.stringMatching(/^The proxy localhost:\d+ rejected the username and password in its URL/),
    suggestions: [{ text: expect.stringMatching(/http:\/\/USER:PASSWORD@localhost:\d+$/) }],
  });
  expect(shown).not.toContain('hunter');
  expect(tunnels).toEqual(['far.invalid:443']);
  const plain = await startHttpServer((_, response) => response.writeHead(407).end());
  vi.stubEnv('HTTP_PROXY', plain.host.replace('127.0.0.1', 'localhost'));
  await expect(client().request({ url: 'http://far.invalid/', signal })).rejects.toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: expect.stringContaining('requires a username and password'),
  });
});

test('a proxy that is overloaded is asked again', async () => {
  const { error, tunnels } = await refusedBy('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n');
  expect(error?.message).toContain('(HTTP 503)');
  expect(tunnels).toHaveLength(5);
});

test('a proxy that does not answer is named, without its password', async () => {
  for (const scheme of ['https', 'http']) {
    vi.stubEnv(`${scheme.toUpperCase()}_PROXY`, 'me:password@localhost:1');
    const { error, shown } = await failureOf(client().request({ url: `${scheme}://far.invalid/`, signal }));
    expect(error).toMatchObject({
      code: 'SPACECTL_UNREACHABLE',
      message: expect.stringMatching(
        /^Cannot reach the proxy localhost:1 to connect to far.invalid\S*: connection refused/,
      ),
    });
    expect(shown).not.toContain('password');
  }
});

test('a proxy that says nothing is given up, and left when the user stops', async () => {
  const { proxy } = await startTunnel('', { answer: '' });
  vi.stubEnv('HTTPS_PROXY', proxy);
  await expect(client({ connectTimeout: 50 }).request({ url, signal })).rejects.toThrow(
    /^Cannot reach the proxy localhost:\d+ to connect to far.invalid:443: timed out/,
  );
  const stopping = new AbortController();
  const stopped = client().request({ url, signal: stopping.signal });
  setTimeout(() => stopping.abort(), 50);
  await expect(stopped).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});

testWith('openssl')('a tunnel is used again, and a proxy over TLS is trusted as servers are', async () => {
  const { authority, ...tls } = await createAuthority(['far.invalid']);
  const server = await startHttpServer((_, response) => response.end('far'), tls);
  const { proxy, tunnels, headers } = await startTunnel(server.host, { tls });
  expect(proxy).toMatch(/^https:/);
  vi.stubEnv('HTTPS_PROXY', proxy.replace('//', '//me:100%@'));
  const own = client({ certificateAuthority: authority });
  for (let count = 0; count < 2; count++) {
    const response = await own.request({ url, signal });
    expect((await readBody(response, { limit: 100 })).toString()).toBe('far');
  }
  expect(tunnels).toEqual(['far.invalid:443']);
  expect(headers[0]?.['proxy-authorization']).toBe(`Basic ${Buffer.from('me:100%').toString('base64')}`);
  expect(server.requests[0]?.headers['proxy-authorization']).toBeUndefined();
  const target = { host: 'far.invalid', port: 443, timeout: 5000, signal };
  const shake = () => performHandshake(target, [authority]);
  const untrusted = { message: expect.stringMatching(/^Cannot reach the proxy .* signed by an unknown authority/) };
  await expect(shake()).rejects.toMatchObject(untrusted);
  await expect(client().request({ url, signal })).rejects.toMatchObject(untrusted);
  const file = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, authority);
  vi.stubEnv('SSL_CERT_FILE', file);
  expect((await shake()).code).toBeUndefined();
});

test('neither a name and password nor a fragment go into the request line of a proxy', async () => {
  const proxy = await startHttpServer((_, response) => response.end());
  vi.stubEnv('HTTP_PROXY', proxy.url);
  await client().request({ url: 'http://me:word@far.invalid/x?y#z', signal });
  expect(proxy.requests).toMatchObject([
    {
      path: 'http://far.invalid/x?y',
      headers: { authorization: `Basic ${Buffer.from('me:word').toString('base64')}` },
    },
  ]);
});
