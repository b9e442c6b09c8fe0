import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createHttpClient, type HttpClientOptions, readBody } from '../../src/http/index.ts';
import { createAuthority } from '../services/authority.ts';
import { makeCertificate } from '../services/certificate.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { startTunnel } from '../services/tunnel.ts';

const { signal } = new AbortController();

afterEach(() => vi.unstubAllEnvs());

/** A client that does not really wait, and notes how long it would have. */
function client(options: HttpClientOptions = {}) {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const created = createHttpClient({ environment: {}, wait, ...options });
  onTestFinished(() => created.close());
  return { ...created, waits };
}

async function textOf(response: Parameters<typeof readBody>[0]): Promise<string> {
  return (await readBody(response, { limit: 1000 })).toString();
}

test('hands on the bytes of the wire: what is compressed stays so', async () => {
  const bytes = gzipSync('hello');
  const server = await startHttpServer((_, response) => response.setHeader('content-encoding', 'gzip').end(bytes));
  const response = await client().request({ url: server.url, signal });
  expect(await readBody(response, { limit: 1000 })).toEqual(bytes);
  expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
});

test('large bodies, one after the other on one connection, come as they were sent, to a slow reader too', async () => {
  const bytes = randomBytes(3_000_000);
  const sockets = new Set<unknown>();
  const server = await startHttpServer(({ url, socket }, response) => {
    sockets.add(socket);
    if (url === '/framed')
      for (let at = 0; at < bytes.length; at += 70_001) response.write(bytes.subarray(at, at + 70_001));
    else response.setHeader('content-length', bytes.length).write(bytes);
    response.end();
  });
  const { request } = client();
  for (const each of ['whole', 'framed', 'whole', 'framed', 'whole']) {
    const { body } = await request({ url: `${server.url}/${each}`, signal });
    const pieces: Buffer[] = [];
    for await (const piece of body) {
      pieces.push(piece);
      if (pieces.length % 8 === 0) await pause(2);
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  }
  expect(sockets.size).toBe(1);
});

test('a body larger than its limit is refused', async () => {
  const server = await startHttpServer((_, response) => response.end('x'.repeat(2000)));
  const response = await client().request({ url: server.url, signal });
  await expect(textOf(response)).rejects.toMatchObject({ code: 'SPACECTL_BAD_DATA' });
});

test('follows a redirect within an origin with its credentials, and to another without', async () => {
  const other = await startHttpServer((_, response) => response.end('there'));
  const server = await startHttpServer(({ url }, response) => {
    response.writeHead(307, { location: url === '/a' ? '/b' : `${other.url}/c` }).end();
  });
  const headers = { Authorization: 'Bearer secret' };
  const response = await client().request({ url: `${server.url}/a`, headers, signal });
  expect(await textOf(response)).toBe('there');
  expect(response.url.href).toBe(`${other.url}/c`);
  expect(server.requests.map((each) => each.headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
  expect(other.requests[0]?.headers.authorization).toBeUndefined();
});

test('gives up after five redirects', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(302, { location: '/' }).end());
  await expect(client().request({ url: server.url, signal })).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  expect(server.requests).toHaveLength(6);
});

test('does not repeat a POST elsewhere, nor again', async () => {
  const server = await startHttpServer(({ url }, response) => {
    response.writeHead(url === '/moved' ? 307 : 503, { location: '/other' }).end();
  });
  const own = client();
  const statuses = [];
  for (const url of [`${server.url}/moved`, `${server.url}/busy`]) {
    statuses.push((await own.request({ method: 'POST', url, content: 'x', signal })).status);
  }
  expect(statuses).toEqual([307, 503]);
  expect(server.requests).toHaveLength(2);
});

test('waits as long as a busy server asks for, then tries again', async () => {
  let count = 0;
  const server = await startHttpServer((_, response) => {
    count++;
    if (count === 1) response.writeHead(429, { 'retry-after': '7' }).end();
    else if (count === 2) response.writeHead(503, { 'retry-after': new Date(Date.now() + 20_000).toUTCString() }).end();
    else response.end('done');
  });
  const own = client();
  expect(await textOf(await own.request({ url: server.url, signal }))).toBe('done');
  expect(own.waits[0]).toBe(7000);
  expect(own.waits[1]).toBeGreaterThan(15_000);
});

test('does not wait for an hour', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  const own = client();
  expect((await own.request({ url: server.url, signal })).status).toBe(429);
  expect(own.waits).toEqual([]);
});

test('backs off, longer each time, and hands over the last answer', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(500).end());
  const own = client();
  expect((await own.request({ url: server.url, signal })).status).toBe(500);
  expect(server.requests).toHaveLength(5);
  expect(own.waits).toHaveLength(4);
  expect(own.waits[3]).toBeGreaterThan(own.waits[0] as number);
});

test('tries again when the connection is reset', async () => {
  let count = 0;
  const server = await startHttpServer((request, response) => {
    count++;
    if (count < 3) request.socket.resetAndDestroy();
    else response.end('done');
  });
  expect(await textOf(await client().request({ url: server.url, signal }))).toBe('done');
});

test('a body that breaks off is an error of the network, with its cause', async () => {
  const server = await startHttpServer((request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('part', () => request.socket.destroy());
  });
  const response = await client().request({ url: server.url, signal });
  await expect(textOf(response)).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: `Cannot reach ${server.host}: the connection was closed before the response was complete`,
    cause: expect.any(Error),
  });
});

test('a server that says nothing is given up, before and within the body', async () => {
  const server = await startHttpServer(({ url }, response) => {
    if (url === '/body') response.writeHead(200).write('part');
  });
  const own = client({ idleTimeout: 50 });
  await expect(own.request({ url: server.url, signal })).rejects.toThrow('timed out');
  const response = await own.request({ url: `${server.url}/body`, signal });
  await expect(textOf(response)).rejects.toThrow('timed out');
});

test('a body that was not read for a while, and has died meanwhile, is given up as well', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(200).write(Buffer.alloc(2 * 1024 * 1024)));
  const response = await client({ idleTimeout: 50 }).request({ url: server.url, signal });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(readBody(response, { limit: 4 * 1024 * 1024 })).rejects.toThrow('timed out');
});

test('what may be sent only once does not go over a connection that the server may have closed', async () => {
  const used = new Set<unknown>();
  const server = await startHttpServer((request, response) => {
    if (used.has(request.socket)) request.socket.destroy();
    else response.end('done');
    used.add(request.socket);
  });
  const own = client();
  expect(await textOf(await own.request({ url: server.url, signal }))).toBe('done');
  for (let count = 0; count < 2; count++) {
    const response = await own.request({ method: 'POST', url: server.url, content: 'x', signal });
    expect(await textOf(response)).toBe('done');
  }
  expect(server.requests).toHaveLength(3);
});

test('names host and reason where nothing listens, and where there is no such host', async () => {
  const refused = client().request({ url: 'http://127.0.0.1:1/x', signal });
  await expect(refused).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: 'Cannot reach 127.0.0.1:1: connection refused',
  });
  const unknown = client().request({ url: 'http://no-such-host.invalid/', signal });
  await expect(unknown).rejects.toThrow(/^Cannot reach no-such-host.invalid: (no such host|the host name cannot)/);
});

test('stops when the user does: before, while waiting for an answer, and between two attempts', async () => {
  const server = await startHttpServer(({ url }, response) => {
    if (url === '/busy') response.writeHead(503).end();
    else controller.abort();
  });
  let controller = new AbortController();
  await expect(client().request({ url: server.url, signal: controller.signal })).rejects.toMatchObject({
    code: 'SPACECTL_INTERRUPTED',
  });
  const early = new AbortController();
  const begun = client().request({ url: `${server.url}/never`, signal: early.signal });
  early.abort();
  await expect(begun).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(server.requests).toHaveLength(1);
  const aborted = client().request({ url: server.url, signal: controller.signal });
  await expect(aborted).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  controller = new AbortController();
  const wait = async () => controller.abort();
  const waiting = client({ wait }).request({ url: `${server.url}/busy`, signal: controller.signal });
  await expect(waiting).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});

testWith('openssl')('trusts a private CA given by option or SSL_CERT_FILE, and no other', async () => {
  const { authority, ...tls } = await createAuthority();
  const server = await startHttpServer((_, response) => response.end('secure'), tls);
  const unknown = client({ authorityAdvice: 'Name it' }).request({ url: server.url, signal });
  await expect(unknown).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('signed by an unknown authority'),
    suggestions: ['Name it'],
  });
  const given = client({ certificateAuthority: authority });
  expect(await textOf(await given.request({ url: server.url, signal }))).toBe('secure');
  const file = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, authority);
  const named = client({ environment: { SSL_CERT_FILE: file } });
  expect(await textOf(await named.request({ url: server.url, signal }))).toBe('secure');
  const wrong = client({ certificateAuthority: 'not a certificate' }).request({ url: server.url, signal });
  await expect(wrong).rejects.toMatchObject({ code: 'SPACECTL_BAD_CERTIFICATE' });
});

test('a client certificate and a key that do not belong together: OpenSSL says why, and nothing of the key is kept', async () => {
  const [one, other] = [makeCertificate({ subject: { CN: 'a' } }), makeCertificate({ subject: { CN: 'b' } })];
  const key = other.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const clientCertificate = { certificate: one.pem, key };
  const request = client({ clientCertificate }).request({ url: 'https://127.0.0.1:1/', signal });
  const error: unknown = await request.catch((each: unknown) => each);
  expect(error).toMatchObject({
    code: 'SPACECTL_BAD_CERTIFICATE',
    message: 'The client certificate and its key cannot be used together (key values mismatch)',
  });
  expect(error).not.toHaveProperty('cause');
});

testWith('openssl')('never goes from https to http', async () => {
  const { authority, ...tls } = await createAuthority();
  const open = await startHttpServer((_, response) => response.end());
  const server = await startHttpServer((_, response) => response.writeHead(302, { location: open.url }).end(), tls);
  const request = client({ certificateAuthority: authority }).request({ url: server.url, signal });
  await expect(request).rejects.toThrow('which is not secure');
  expect(open.requests).toEqual([]);
});

test('says so when a server does not speak TLS', async () => {
  const server = await startHttpServer((_, response) => response.end());
  const request = client().request({ url: server.url.replace('http:', 'https:'), signal });
  await expect(request).rejects.toThrow('it does not use TLS');
});

test('asks a proxy for plain HTTP, logs in there, and asks directly for what NO_PROXY names', async () => {
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

testWith('openssl')('asks a proxy that is reached over TLS for plain HTTP, by the name of the proxy', async () => {
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
});

testWith('openssl')('goes through a tunnel of the proxy to https hosts', async () => {
  const { authority, ...tls } = await createAuthority(['far.invalid']);
  const server = await startHttpServer((_, response) => response.end('far'), tls);
  const { proxy, tunnels } = await startTunnel(server.host);
  vi.stubEnv('https_proxy', proxy);
  const response = await client({ certificateAuthority: authority }).request({ url: 'https://far.invalid/', signal });
  expect(await textOf(response)).toBe('far');
  expect(tunnels).toEqual(['far.invalid:443']);
});
