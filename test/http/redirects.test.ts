import { expect, test } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';

const { signal } = new AbortController();
const SECRETS = { Authorization: 'Bearer secret', Cookie: 'secret', 'Proxy-Authorization': 'Basic secret' };

/** A server that redirects from `/` to a location, and answers "there" elsewhere. */
const redirecting = (location: string, status = 302, tls?: Parameters<typeof startHttpServer>[1]) =>
  startHttpServer(({ url }, response) => {
    if (url === '/') response.writeHead(status, { location }).end();
    else response.end('there');
  }, tls);

test.each([301, 302, 303, 307, 308])('a redirect with %i is followed', async (status) => {
  const server = await redirecting('/moved?x=y', status);
  const response = await client().request({ url: server.url, signal });
  expect([response.status, response.url.href, await textOf(response)]).toEqual([
    200,
    `${server.url}/moved?x=y`,
    'there',
  ]);
});

test.each([200, 201, 300, 304, 305, 404])('a response with %i is no redirect, even with a location', async (status) => {
  const server = await redirecting('/moved', status);
  const response = await client().request({ url: server.url, signal });
  expect([response.status, response.url.pathname]).toEqual([status, '/']);
  expect(server.requests).toHaveLength(1);
});

test('a redirect without a location is a response like any other', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(302).end());
  expect((await client().request({ url: server.url, signal })).status).toBe(302);
});

test.each([
  ['GET', ['GET /', 'GET /moved']],
  ['HEAD', ['HEAD /', 'HEAD /moved']],
  ['POST', ['POST /']],
  ['PUT', ['PUT /']],
  ['DELETE', ['DELETE /']],
])('a redirected %s', async (method, expected) => {
  const server = await redirecting('/moved');
  await client().request({ method, url: server.url, signal });
  expect(server.requests.map((each) => `${each.method} ${each.path}`)).toEqual(expected);
});

test('follows a redirect within an origin with its credentials, and to another without', async () => {
  const other = await startHttpServer((_, response) => response.end('there'));
  const server = await startHttpServer(({ url }, response) => {
    response.writeHead(307, { location: url === '/a' ? '/b' : `${other.url}/c` }).end();
  });
  const headers = { ...SECRETS, Range: 'bytes=0-1' };
  const response = await client().request({ url: `${server.url}/a`, headers, signal });
  expect(await textOf(response)).toBe('there');
  expect(response.url.href).toBe(`${other.url}/c`);
  const secrets = { authorization: 'Bearer secret', cookie: 'secret', 'proxy-authorization': 'Basic secret' };
  expect(server.requests).toMatchObject([{ headers: secrets }, { headers: secrets }]);
  expect(JSON.stringify(other.requests)).not.toContain('secret');
  expect(other.requests[0]?.headers).toMatchObject({
    range: 'bytes=0-1',
    'user-agent': expect.stringMatching(/^spacectl\/\d/),
  });
});

test('credentials that were left behind do not come back with a redirect to the first host', async () => {
  const server = await startHttpServer(({ url }, response) => {
    if (url === '/') response.writeHead(302, { location: other.url }).end();
    else response.end('there');
  });
  const other = await redirecting(`${server.url}/back`);
  expect(await textOf(await client().request({ url: server.url, headers: SECRETS, signal }))).toBe('there');
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', undefined]);
});

testWith('openssl')('a redirect from http to https of the same host is followed, without credentials', async () => {
  const { authority, ...tls } = await createAuthority();
  const secure = await startHttpServer((_, response) => response.end('secure'), tls);
  const server = await redirecting(`${secure.url}/x`);
  const own = client({ certificateAuthority: authority });
  const response = await own.request({ url: server.url, headers: SECRETS, signal });
  expect(await textOf(response)).toBe('secure');
  expect(response.url.href).toBe(`${secure.url}/x`);
  expect(secure.requests).toHaveLength(1);
  expect(JSON.stringify(secure.requests)).not.toContain('secret');
});

testWith('openssl')('a redirect from https to https of another host is followed, without credentials', async () => {
  const { authority, ...tls } = await createAuthority();
  const secure = await startHttpServer((_, response) => response.end('secure'), tls);
  const server = await redirecting(secure.url, 307, tls);
  const own = client({ certificateAuthority: authority });
  expect(await textOf(await own.request({ url: server.url, headers: SECRETS, signal }))).toBe('secure');
  expect(JSON.stringify(secure.requests)).not.toContain('secret');
});

testWith('openssl')('never goes from https to http', async () => {
  const { authority, ...tls } = await createAuthority();
  const open = await startHttpServer((_, response) => response.end());
  const server = await redirecting(`${open.url}/?signature=secret`, 302, tls);
  const request = client({ certificateAuthority: authority }).request({ url: server.url, signal });
  await expect(request).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: `${server.host} redirects to http://${open.host}, which is not secure`,
  });
  expect(open.requests).toEqual([]);
});

test.each([
  ['http://', 'redirects to a location that is not a valid URL'],
  ['http://x:99999/', 'redirects to a location that is not a valid URL'],
  ['file:///etc/passwd', 'redirects to file://, which is not secure'],
  ['ftp://far.example/x', 'redirects to ftp://far.example, which is not secure'],
])('a redirect to %s is an error', async (location, why) => {
  const server = await redirecting(location);
  await expect(client().request({ url: server.url, signal })).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: `${server.host} ${why}`,
  });
});

test('follows five redirects, and gives up at the sixth', async () => {
  const server = await startHttpServer(({ url }, response) => {
    const left = Number(url?.slice(1));
    if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
    else response.end('there');
  });
  expect(await textOf(await client().request({ url: `${server.url}/5`, signal }))).toBe('there');
  expect(server.requests).toHaveLength(6);
  await expect(client().request({ url: `${server.url}/6`, signal })).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: `${server.host} redirects more than 5 times`,
  });
  expect(server.requests).toHaveLength(12);
});
