import { expect, onTestFinished, test, vi } from 'vitest';
import { startHttpServer } from '../../services/http-server.ts';
import { authOf } from '../../services/login-files.ts';
import { openRepository, sentTo } from '../../services/repository.ts';

const { signal } = new AbortController();
const LOGIN = { username: 'me', password: 'secret' };
const BASIC = `Basic ${authOf('me', 'secret')}`;

/** A registry that answers requests without a login with 401, and those with one with a status. */
const protectedRegistry = (status: number, challenge = 'Basic realm="x"') =>
  startHttpServer(({ headers }, response) => {
    if (headers.authorization) response.writeHead(status).end();
    else response.writeHead(401, { 'www-authenticate': challenge }).end();
  });

test.each([200, 206, 404])('the status %i is an answer', async (status) => {
  const registry = await startHttpServer((_, response) => response.writeHead(status).end());
  const { ask, reports } = openRepository(registry, LOGIN, true);
  expect(await ask()).toBe(status);
  expect(registry.requests).toMatchObject([
    { method: 'GET', path: '/v2/team/runner/manifests/latest', headers: { accept: 'x/y' } },
  ]);
  expect([sentTo(registry), reports]).toEqual([[undefined], []]);
});

test('only the headers are requested where the registry answers that', async () => {
  const registry = await startHttpServer((_, response) => response.end());
  const { ask } = openRepository(registry, LOGIN, true);
  expect(await ask('blobs/sha256:0', 'head')).toBe(200);
  expect(registry.requests).toMatchObject([
    { method: 'HEAD', path: '/v2/team/runner/blobs/sha256:0', headers: { accept: 'x/y' } },
  ]);
});

test('a registry that limits the rate of HEAD is not asked for more', async () => {
  const registry = await startHttpServer((_, response) => response.writeHead(429).end());
  await expect(openRepository(registry).ask('manifests/latest', 'head')).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('is limiting the rate of requests'),
  });
  expect(registry.requests).toHaveLength(1);
});

test.each([400, 405, 416, 501])('the status %i is an answer where a range was asked for', async (status) => {
  const registry = await startHttpServer((_, response) => response.writeHead(status).end());
  const { ask, repository } = openRepository(registry);
  expect((await repository.get('blobs/sha256:0', { range: 'bytes=1-2' }, signal)).status).toBe(status);
  await expect(ask('blobs/sha256:0')).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
});

test.each([
  [400, 'failed to answer'],
  [405, 'failed to answer'],
  [429, 'is limiting the rate of requests'],
  [500, 'failed to answer'],
])('the status %i is an error that names the registry and what was asked for', async (status, problem) => {
  const registry = await startHttpServer((_, response) => response.writeHead(status).end());
  await expect(openRepository(registry, LOGIN, true).ask()).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: `${registry.host} ${problem}: team/runner/manifests/latest (HTTP ${status})`,
  });
  expect(registry.requests).toHaveLength(1);
});

test('logs in when the registry asks for it, once for all requests', async () => {
  const registry = await protectedRegistry(200);
  const { ask } = openRepository(registry, LOGIN);
  expect([await ask(), await ask('blobs/sha256:0'), await ask('blobs/sha256:1', 'head')]).toEqual([200, 200, 200]);
  expect(sentTo(registry)).toEqual([undefined, BASIC, BASIC, BASIC]);
  expect(registry.requests[1]).toMatchObject({ path: '/v2/team/runner/manifests/latest', headers: { accept: 'x/y' } });
});

test.each([
  ['without a login', 401, undefined, 1],
  ['with one that is wrong', 401, LOGIN, 2],
  ['with one that may not read it', 403, LOGIN, 2],
])('an image that needs a login, %s: the error says how to log in', async (_, status, credentials, count) => {
  const registry = await protectedRegistry(status);
  const { ask, reports } = openRepository(registry, credentials);
  await expect(ask()).rejects.toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: `${registry.host} denied access to team/runner/manifests/latest (HTTP ${status})`,
    suggestions: [{ command: `docker login ${registry.host}` }, { text: expect.stringMatching(/^Check the name/) }],
  });
  expect(registry.requests).toHaveLength(count);
  expect(reports).toEqual([]);
});

test.each([401, 403])('a stored login that is rejected with %i is not used again', async (status) => {
  const registry = await startHttpServer(({ headers, url }, response) => {
    if (headers.authorization === BASIC) response.writeHead(status).end();
    else if (url?.endsWith('/first') && registry.requests.length === 1)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    else response.end();
  });
  const { ask, reports } = openRepository(registry, LOGIN, true);
  expect([await ask('manifests/first'), await ask()]).toEqual([200, 200]);
  expect(sentTo(registry)).toEqual([undefined, BASIC, undefined, undefined]);
  expect(reports).toEqual([`${registry.host} rejected the stored login. Trying without it`]);
});

test('a stored login that is rejected for a private image ends in one error, after one try without it', async () => {
  const registry = await protectedRegistry(403);
  const { ask, reports } = openRepository(registry, LOGIN, true);
  await expect(ask()).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  expect(sentTo(registry)).toEqual([undefined, BASIC, undefined]);
  expect(reports).toHaveLength(1);
});

test.each([
  ['a stored login', true, 200, ['with', 'without']],
  ['a login that was given', false, 'SPACECTL_NOT_ALLOWED', ['with']],
])('a token server that rejects %s', async (_, isStored, outcome, expected) => {
  const issuer = await startHttpServer(({ headers }, response) => {
    if (headers.authorization) response.writeHead(401).end();
    else response.end('{"token":"the-token"}');
  });
  const registry = await protectedRegistry(200, `Bearer realm="${issuer.url}"`);
  const { ask } = openRepository(registry, LOGIN, isStored);
  expect(await ask().catch((error) => error.code)).toBe(outcome);
  expect(sentTo(issuer).map((each) => (each ? 'with' : 'without'))).toEqual(expected);
});

test.each([401, 403])('a blob host that answers %i never drops a stored login', async (status) => {
  const blobHost = await startHttpServer((_, response) => response.writeHead(status).end('<Message>Expired</Message>'));
  const registry = await startHttpServer(({ headers, url }, response) => {
    if (!headers.authorization) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    else if (url?.includes('/blobs/')) response.writeHead(307, { location: blobHost.url }).end();
    else response.end();
  });
  const { ask, reports } = openRepository(registry, LOGIN, true);
  expect(await ask()).toBe(200);
  await expect(ask('blobs/sha256:0')).rejects.toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: `${blobHost.host} denied access to team/runner/blobs/sha256:0 (HTTP ${status}): Expired`,
    suggestions: [],
  });
  expect(await ask()).toBe(200);
  expect(reports).toEqual([]);
  expect(sentTo(registry)).toEqual([undefined, BASIC, BASIC, BASIC]);
});

test('a proxy that wants a login of its own never drops that of the registry', async () => {
  const { requests, ...proxy } = await startHttpServer((_, response) => response.writeHead(407).end());
  vi.stubEnv('HTTP_PROXY', proxy.url);
  vi.stubEnv('NO_PROXY', '');
  vi.stubEnv('no_proxy', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { ask, reports } = openRepository({ url: 'http://registry.invalid' }, LOGIN, true);
  await expect(ask()).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED', message: expect.stringContaining('407') });
  expect([requests.length, reports]).toEqual([1, []]);
});

test('the token server that is asked is named, without the query of its URL', async () => {
  const issuer = await startHttpServer((_, response) => response.end('{"token":"the-token"}'));
  for (const [login, who] of [
    [LOGIN, 'with the login'],
    [undefined, 'without a login'],
  ] as const) {
    const registry = await protectedRegistry(200, `Bearer realm="${issuer.url}/token?key=1",service="s"`);
    const { ask, reports } = openRepository(registry, login);
    await ask();
    expect(reports).toEqual([`Requesting a token for ${registry.host} from ${issuer.url}/token, ${who}`]);
  }
});

test("a registry's own words are in the error", async () => {
  const said = '{"errors":[{"code":"DENIED","message":"use a personal access token"}]}';
  const registry = await startHttpServer((_, response) => response.writeHead(401).end(said));
  await expect(openRepository(registry, LOGIN).ask()).rejects.toMatchObject({
    message: `${registry.host} denied access to team/runner/manifests/latest (HTTP 401): use a personal access token`,
  });
  const issuer = await startHttpServer((_, response) => response.writeHead(401).end(said));
  const other = await protectedRegistry(200, `Bearer realm="${issuer.url}"`);
  await expect(openRepository(other, LOGIN).ask()).rejects.toMatchObject({
    message: `${issuer.host} returned no token for the registry (HTTP 401): use a personal access token`,
  });
});

test('a token server that is down is no reason to try without the stored login', async () => {
  const registry = await protectedRegistry(200, 'Bearer realm="http://127.0.0.1:1/"');
  const { ask, reports } = openRepository(registry, LOGIN, true);
  await expect(ask()).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('127.0.0.1:1'),
  });
  expect(registry.requests).toHaveLength(1);
  expect(reports).toEqual([
    expect.stringMatching(/^Requesting a token .* from http:\/\/127\.0\.0\.1:1\/, with the login$/),
  ]);
});

test('a host that the registry redirects to is not told the login, whatever it asks for', async () => {
  const hostile = await startHttpServer((_, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="give me"' }).end();
  });
  const registry = await startHttpServer((_, response) => response.writeHead(307, { location: hostile.url }).end());
  await expect(openRepository(registry, LOGIN).ask()).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  expect(sentTo(hostile)).toEqual([undefined]);
});
