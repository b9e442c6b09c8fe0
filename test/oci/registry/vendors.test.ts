import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { headManifest, openRegistryImage, parsePlatform, parseReference } from '../../../src/oci/index.ts';
import type { ImageOptions } from '../../../src/oci/registry/image.ts';
import { type HttpServer, startHttpServer } from '../../services/http-server.ts';
import { buildImage, file } from '../../services/image.ts';
import { authOf, environmentOf, homeWith } from '../../services/login-files.ts';

const platform = parsePlatform('linux/amd64');
const image = buildImage({ platform, layers: [[file('etc/ssl/cert.pem', 'the bundle')]] });
const { manifest } = image;
const { signal } = new AbortController();
const BASIC = `Basic ${authOf('me', 'secret')}`;
const TOKEN = 'Bearer the-token';

/** Answers as distribution-spec 1.1 has it. */
function serveImage({ method, url = '' }: IncomingMessage, response: ServerResponse, hasDigest = true): void {
  const name = url.split('/').at(-1);
  const found = [image.config, ...image.layers].find(({ digest }) => digest === name) ?? manifest;
  const headers = { 'content-type': found.mediaType, ...(hasDigest && { 'docker-content-digest': found.digest }) };
  response.writeHead(200, { ...headers, 'content-length': found.size });
  response.end(method === 'HEAD' ? undefined : found.bytes);
}

/** Serves the image, unless `rule` answers first. */
const registryWith = (rule: (...exchange: Parameters<RequestListener>) => void) =>
  startHttpServer((request, response) => {
    rule(request, response);
    if (!response.writableEnded) serveImage(request, response);
  });

/** The digest as `check` and `build` find it, with logins as `docker login` stores them. */
async function digestsOf(
  { host }: HttpServer,
  logins: object = { auth: authOf('me', 'secret') },
  more: Partial<ImageOptions> = {},
) {
  const home = await homeWith({ '.docker/config.json': { auths: { [host]: logins } } });
  const options: ImageOptions = { platform, environment: environmentOf(home), root: home, signal, ...more };
  const reference = parseReference(`${host}/team/runner`);
  const head = await headManifest(reference, options);
  const opened = await openRegistryImage(reference, options);
  onTestFinished(() => opened.close());
  return [head?.digest, opened.manifestDigest];
}

const both = [manifest.digest, manifest.digest];
const asked = ({ requests }: HttpServer) => requests.map(({ method, headers }) => [method, headers.authorization]);

// 404: Nexus 3.2 to now (andrey-pohilko/registry-cli#14, crazy-max/diun#1614). 405: Distribution 2.2 with token
// authentication (distribution/distribution#1485). 403: registry.centos.org (containerd/containerd#6684), and Artifactory's
// virtual repositories (google/go-containerregistry#1691). 503: Nexus (registry-cli#43). 400 and 501: no vendor is known
// to; RFC 9110, 15.6.2, has 501 for methods that are not implemented.
test.each([400, 403, 404, 405, 501, 503])('a registry that answers %i to HEAD is asked with GET', async (status) => {
  const registry = await registryWith(({ method }, response) => {
    if (method === 'HEAD') response.writeHead(status, { 'retry-after': '0' }).end();
  });
  expect(await digestsOf(registry)).toEqual(both);
  expect(registry.requests.map(({ method }) => method).filter((each) => each === 'GET')).toHaveLength(3);
});

test('a registry that refuses HEAD even with the login keeps the login', async () => {
  const registry = await registryWith(({ method, headers }, response) => {
    if (headers.authorization !== BASIC)
      response.writeHead(401, { 'www-authenticate': 'BASIC realm="Sonatype"' }).end();
    else if (method === 'HEAD') response.writeHead(403).end();
  });
  expect(await digestsOf(registry)).toEqual(both);
});

// Before 1.1, the distribution-spec did not require the header: registry.redhat.io (regclient/regclient#363), ECR
// (distribution/distribution#3792), static files in S3 (distribution/distribution#2384).
test('a registry without Docker-Content-Digest is asked for the manifest', async () => {
  const registry = await registryWith((request, response) => serveImage(request, response, false));
  expect(await digestsOf(registry)).toEqual(both);
});

test('an image that exists neither for HEAD nor for GET does not exist', async () => {
  const registry = await startHttpServer((_, response) => response.writeHead(404).end());
  const environment = environmentOf(await homeWith({}));
  const reference = parseReference(`${registry.host}/team/runner`);
  expect(await headManifest(reference, { environment, signal })).toBeUndefined();
  expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
});

/** A token server: GET with the login, and what it says to POST, which OAuth 2 uses. */
const tokenServer = (post: number, wanted: string | undefined = BASIC) =>
  startHttpServer(({ method, headers }, response) => {
    if (method === 'POST') response.writeHead(post).end();
    else if (headers.authorization !== wanted) response.writeHead(401).end();
    else response.end('{"token":"the-token"}');
  });

// Harbor 405 (goharbor/harbor, src/core/middlewares/middlewares.go, c50c7dd). GCR 404, Artifactory 401, ACR 400
// (containerd, core/remotes/docker/authorizer.go, v2.3.4). 403: Harbor that is read-only, before that comment. GitLab and
// others: not known, so any of these.
test.each([400, 401, 403, 404, 405, 501])(
  'an identity token that a token server answers with %i is followed by the password beside it',
  async (post) => {
    const issuer = await tokenServer(post);
    const registry = await registryWith(({ headers }, response) => {
      if (headers.authorization === TOKEN) return;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${issuer.url}/service/token",service="s"` }).end();
    });
    expect(await digestsOf(registry, { auth: authOf('me', 'secret'), identitytoken: 'it' })).toEqual(both);
    expect(issuer.requests.map(({ method }) => method)).toContain('POST');
  },
);

/**
 * Harbor (goharbor/harbor, src/server/middleware/v2auth/auth.go, getChallenge, c50c7dd): Bearer where no Authorization was
 * sent, Basic where one was that does not do. Its core accepts Basic too (src/server/middleware/security/basic_auth.go).
 */
const harbor = (issuer: HttpServer, isAccepted: (authorization: string) => boolean) =>
  registryWith(({ headers: { authorization } }, response) => {
    if (authorization && isAccepted(authorization)) return;
    const challenge = authorization
      ? 'Basic realm="harbor"'
      : `Bearer realm="${issuer.url}/service/token",service="harbor-registry",scope="repository:team/runner:pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });

test("Harbor's Basic challenge after a token that does not do is answered with the login", async () => {
  const issuer = await tokenServer(405);
  const registry = await harbor(issuer, (authorization) => authorization === BASIC);
  expect(await digestsOf(registry)).toEqual(both);
  expect(asked(registry).slice(0, 3)).toEqual([
    ['HEAD', undefined],
    ['HEAD', TOKEN],
    ['HEAD', BASIC],
  ]);
});

test('a token that has expired is replaced, although Harbor then asks for Basic', async () => {
  let issued = 0;
  const used = new Set<string>();
  const issuer = await startHttpServer((_, response) => response.end(`{"token":"token-${++issued}"}`));
  // Each token does for one request.
  const registry = await harbor(issuer, (authorization) => !used.has(authorization) && !!used.add(authorization));
  const environment = environmentOf(await homeWith({}));
  const options: ImageOptions = { platform, environment, signal };
  const opened = await openRegistryImage(parseReference(`${registry.host}/team/runner`), options);
  onTestFinished(() => opened.close());
  const layer = opened.layers[0];
  const chunks: Buffer[] = [];
  for await (const chunk of (await layer?.open(signal)) ?? []) chunks.push(chunk);
  expect([issued, chunks.length > 0]).toEqual([3, true]);
});

// A Bearer challenge that cannot be answered, beside Basic: siderolabs/image-factory#573 (its realm is no token server).
// RFC 9110, 11.6.1: the client chooses among the challenges, in one header or several, in any order.
const dead: Readonly<Record<string, RequestListener | string>> = {
  'is down': 'http://127.0.0.1:1/token',
  'is not a URL': '/token',
  'does not exist': (_, response) => void response.writeHead(404).end(),
  'sends a page': (_, response) => void response.end('<html></html>'),
  'rejects the login': (_, response) => void response.writeHead(401).end(),
  'issues tokens that the registry does not accept': (_, response) => void response.end('{"token":"of no use"}'),
};
test.each(Object.entries(dead))('where the token server %s, Basic beside it is answered', async (_, server) => {
  const realm = typeof server === 'string' ? server : (await startHttpServer(server)).url;
  const [bearer, basic] = [`Bearer realm="${realm}",service="s"`, 'Basic realm="registry"'];
  for (const challenge of [`${bearer}, ${basic}`, `${basic}, ${bearer}`, [bearer, basic], [basic, bearer]]) {
    const registry = await registryWith(({ headers }, response) => {
      if (headers.authorization !== BASIC) response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    expect(await digestsOf(registry)).toEqual(both);
  }
});

test('where neither way to log in works, the error is that of the last refusal, and where none can be tried, of the token server', async () => {
  const challenge = 'Bearer realm="http://127.0.0.1:1/token", Basic realm="registry"';
  const registry = await registryWith((_, response) => {
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  const credentials = { username: 'me', password: 'secret' };
  await expect(digestsOf(registry, {}, { credentials })).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  await expect(digestsOf(registry, {})).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('127.0.0.1:1'),
  });
});

// ECR Public: 403 to a login that has expired (aws/containers-roadmap#1296, awslabs/amazon-ecr-credential-helper#286); its
// scope is `aws`, and public images need none (renovatebot/renovate, docker datasource tests).
test('an expired login at ECR Public is followed by an anonymous token', async () => {
  const issuer = await startHttpServer(({ headers }, response) => {
    if (headers.authorization) response.writeHead(403).end('{"message":"Your authorization token has expired"}');
    else response.end('{"token":"the-token"}');
  });
  const registry = await registryWith(({ headers }, response) => {
    if (headers.authorization === TOKEN) return;
    const challenge = `Bearer realm="${issuer.url}/token/",service="public.ecr.aws",scope="aws"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  expect(await digestsOf(registry)).toEqual(both);
  expect(issuer.requests.at(-1)?.path).toBe('/token/?service=public.ecr.aws&scope=aws');
});
