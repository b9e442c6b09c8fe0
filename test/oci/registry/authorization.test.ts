import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient, discard } from '../../../src/http/index.ts';
import { answerChallenge, challengesIn } from '../../../src/oci/registry/authorization.ts';
import type { Credentials } from '../../../src/oci/registry/login.ts';
import { createAuthority } from '../../services/authority.ts';
import { type HttpServer, startHttpServer } from '../../services/http-server.ts';
import { authOf } from '../../services/login-files.ts';
import { testWith } from '../../services/programs.ts';

const { signal } = new AbortController();
const LOGIN = { username: 'mé', password: 'pass:word' };
const BASIC = `Basic ${authOf('mé', 'pass:word')}`;
const TOKEN = '{"token":"the-token"}';

/** An issuer that answers each request with a status and a text, the last again and again, and keeps the forms sent. */
async function startIssuer(answers: readonly (readonly [number, string])[] = [[200, TOKEN]], tls?: Tls) {
  const left = [...answers];
  const forms: Record<string, string>[] = [];
  const issuer = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (body) forms.push(Object.fromEntries(new URLSearchParams(body)));
    const [status, text] = (left.length > 1 ? left.shift() : left[0]) ?? [500, ''];
    response.writeHead(status).end(text);
  }, tls);
  return { ...issuer, forms };
}

type Tls = { readonly certificate: string; readonly key: string };

/** What a registry that makes this challenge is answered. */
async function answer(
  challenge: string | readonly string[],
  credentials?: Credentials,
  { tls, authority }: { readonly tls?: Tls; readonly authority?: string } = {},
): Promise<string | undefined> {
  const registry = await startHttpServer((_, response) => {
    response.writeHead(401, challenge.length > 0 ? { 'www-authenticate': challenge as string } : {}).end();
  }, tls);
  const client = createHttpClient({ environment: {}, attempts: 1, certificateAuthority: authority });
  onTestFinished(() => client.close());
  const response = await client.request({ url: registry.url, signal });
  discard(response);
  for (const each of challengesIn(response)) {
    const found = await answerChallenge(each, response.url, credentials, client, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

const pathsOf = ({ requests }: HttpServer) => requests.map(({ method, path }) => `${method} ${path}`);

testWith('openssl')('an https registry gets its token from an https issuer, with the login', async () => {
  const { authority, ...tls } = await createAuthority();
  const issuer = await startIssuer(undefined, tls);
  const challenge = `Bearer realm="${issuer.url}/token",service="hub",scope="repository:a:pull"`;
  expect(await answer(challenge, LOGIN, { tls, authority })).toBe('Bearer the-token');
  expect(pathsOf(issuer)).toEqual(['GET /token?service=hub&scope=repository%3Aa%3Apull']);
  expect(issuer.requests[0]?.headers.authorization).toBe(BASIC);
});

testWith('openssl')('a registry on http gets its token from an https issuer too', async () => {
  const { authority, ...tls } = await createAuthority();
  const issuer = await startIssuer(undefined, tls);
  expect(await answer(`Bearer realm="${issuer.url}"`, LOGIN, { authority })).toBe('Bearer the-token');
  expect(pathsOf(issuer)).toEqual(['GET /']);
});

testWith('openssl').each([
  ['a name and a password', LOGIN],
  ['an identity token', { identityToken: 'it' }],
  ['no login', undefined],
])('an https registry that names an http issuer: nothing is sent there, with %s', async (_, credentials) => {
  const { authority, ...tls } = await createAuthority();
  const issuer = await startIssuer();
  await expect(answer(`Bearer realm="${issuer.url}"`, credentials, { tls, authority })).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringMatching(
      /^127.0.0.1:\d+ names the token server http:.* does not use https. No login was sent$/,
    ),
  });
  expect(issuer.requests).toEqual([]);
});

test.each(['/token', 'token.example', 'ftp://127.0.0.1/', 'file:///etc/passwd', 'http//127.0.0.1', 'https://'])(
  'a realm that is not the URL of a token server is an error: %s',
  async (realm) => {
    await expect(answer(`Bearer realm="${realm}"`, LOGIN)).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  },
);

test("a realm's own query is kept, and only what the challenge names is added to it", async () => {
  const issuer = await startIssuer();
  await answer(`Bearer realm="${issuer.url}/t?tenant=7&service=x",scope="aws"`);
  await answer(`Bearer realm="${issuer.url}/t",service="",scope="a b",error="invalid_token"`);
  expect(pathsOf(issuer)).toEqual(['GET /t?tenant=7&service=x&scope=aws', 'GET /t?scope=a+b']);
  expect(issuer.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
});

test('where a registry takes both, the login goes to the token issuer', async () => {
  const issuer = await startIssuer();
  const bearer = `Bearer realm="${issuer.url}"`;
  for (const both of [`Basic realm="x", ${bearer}`, `${bearer}, Basic realm="x"`, ['Basic realm="x"', bearer]]) {
    expect(await answer(both, LOGIN)).toBe('Bearer the-token');
  }
  expect(issuer.requests).toHaveLength(3);
});

test.each([
  ['Basic realm="x"', LOGIN, BASIC],
  ['basic', LOGIN, BASIC],
  ['Bearer service="no realm", Basic', LOGIN, BASIC],
  ['Bearer realm="", Basic', LOGIN, BASIC],
  ['Basic realm="x"', undefined, undefined],
  ['Basic realm="x"', { identityToken: 'it' }, undefined],
  ['Bearer service="no realm"', LOGIN, undefined],
  ['Negotiate realm="https://127.0.0.1:1/"', LOGIN, undefined],
  ['', LOGIN, undefined],
])('the challenge «%s» with the login %j', async (challenge, credentials, expected) => {
  expect(await answer(challenge, credentials)).toBe(expected);
});

test.each([
  [400, 'SPACECTL_NOT_ALLOWED'],
  [401, 'SPACECTL_NOT_ALLOWED'],
  [403, 'SPACECTL_NOT_ALLOWED'],
  [201, 'SPACECTL_UNREACHABLE'],
  [404, 'SPACECTL_UNREACHABLE'],
  [503, 'SPACECTL_UNREACHABLE'],
])('an issuer that answers %i to a name and a password', async (status, code) => {
  const issuer = await startIssuer([[status, TOKEN]]);
  await expect(answer(`Bearer realm="${issuer.url}"`, LOGIN)).rejects.toMatchObject({
    code,
    message: `${issuer.host} returned no token for the registry (HTTP ${status})`,
  });
});

test.each([
  ['{"token":"a","access_token":"b","expires_in":300}', 'a'],
  ['{"access_token":"b"}', 'b'],
  ['{"token":"","access_token":"b"}', 'b'],
  ['{"token":7,"access_token":"b"}', 'b'],
  ['{"token":null,"access_token":"b"}', 'b'],
  [`{"token":"${'x'.repeat(60_000)}"}`, 'x'.repeat(60_000)],
])('the token in %.60s', async (text, token) => {
  const issuer = await startIssuer([[200, text]]);
  expect(await answer(`Bearer realm="${issuer.url}"`)).toBe(`Bearer ${token}`);
});

test.each([
  ['{}', 'SPACECTL_BAD_IMAGE'],
  ['', 'SPACECTL_BAD_IMAGE'],
  ['["hunter2"]', 'SPACECTL_BAD_IMAGE'],
  ['{"token":"hunter2\\r\\nx: y"}', 'SPACECTL_BAD_IMAGE'],
  ['{"token":"hunter2 "}', 'SPACECTL_BAD_IMAGE'],
  ['{"token":" hunter2"}', 'SPACECTL_BAD_IMAGE'],
  ['{"token":"hunter2ü"}', 'SPACECTL_BAD_IMAGE'],
  [`{"token":"${'hunter2'.repeat(10_000)}"}`, 'SPACECTL_BAD_DATA'],
])('no token in %.60s, and nothing of it is shown', async (text, code) => {
  const issuer = await startIssuer([[200, text]]);
  const failure = await answer(`Bearer realm="${issuer.url}"`).catch((error) => error);
  expect(failure).toMatchObject({ code, message: expect.stringContaining(issuer.host) });
  expect(`${failure.stack} ${failure.cause}`).not.toContain('hunter2');
});

test('an identity token is exchanged in a form, as OAuth 2 has it', async () => {
  const issuer = await startIssuer([[200, '{"access_token":"the-token"}']]);
  const challenge = `Bearer realm="${issuer.url}/token?a=b",service="s",scope="repository:a:pull"`;
  expect(await answer(challenge, { identityToken: 'i&t=' })).toBe('Bearer the-token');
  expect(pathsOf(issuer)).toEqual(['POST /token?a=b']);
  expect(issuer.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(issuer.requests[0]?.headers.authorization).toBeUndefined();
  const form = { grant_type: 'refresh_token', client_id: 'spacectl', refresh_token: 'i&t=' };
  expect(issuer.forms).toEqual([{ ...form, service: 's', scope: 'repository:a:pull' }]);
});

// 404: distribution/distribution, docs/content/spec/auth/oauth.md, 0d6b721. 405: Harbor, whose token service has no POST
// (goharbor/harbor, src/core/service/token/token.go, and the comment in src/core/middlewares/middlewares.go, c50c7dd).
// 501: RFC 9110, 15.6.2, of servers that do not know the method.
test.each([404, 405, 501])('an issuer without OAuth 2 (%i) is asked for an anonymous token', async (status) => {
  const issuer = await startIssuer([
    [status, 'no such page'],
    [200, TOKEN],
  ]);
  expect(await answer(`Bearer realm="${issuer.url}",service="s"`, { identityToken: 'it' })).toBe('Bearer the-token');
  expect(pathsOf(issuer)).toEqual(['POST /', 'GET /?service=s']);
  expect(JSON.stringify(issuer.requests[1])).not.toContain('it"');
});

test.each([
  [401, 'SPACECTL_NOT_ALLOWED'],
  [500, 'SPACECTL_UNREACHABLE'],
])('an identity token that is rejected with %i is an error', async (status, code) => {
  const issuer = await startIssuer([
    [status, ''],
    [200, TOKEN],
  ]);
  await expect(answer(`Bearer realm="${issuer.url}"`, { identityToken: 'it' })).rejects.toMatchObject({ code });
  expect(issuer.requests).toHaveLength(1);
});
