import { expect, onTestFinished, test } from 'vitest';
import { discard } from '../../../src/http/index.ts';
import { connect } from '../../../src/oci/registry/connect.ts';
import { type HttpServer, startHttpServer } from '../../services/http-server.ts';
import { authOf, homeWith } from '../../services/login-files.ts';

const { signal } = new AbortController();

/** A registry that answers everything with a status and its own name. */
const answering = (status: number, name = 'x') =>
  startHttpServer((_, response) => response.writeHead(status, { 'x-name': name }).end());

/** A repository of a registry with mirrors, and what is reported about them. */
async function openRepository(
  own: HttpServer,
  mirrors: readonly string[],
  more: Parameters<typeof connect>[1] | object = {},
) {
  const reports: string[] = [];
  const { repository, close } = await connect(
    { registry: own.host, repository: 'team/runner' },
    { mirrors, environment: { HOME: await homeWith({}) }, signal, report: (each) => reports.push(each), ...more },
  );
  onTestFinished(close);
  const ask = async (method: 'get' | 'head' = 'get', what = 'manifests/latest') => {
    const response = await repository[method](what, { accept: 'x/y' }, signal);
    discard(response);
    return [response.status, response.headers['x-name']];
  };
  return { ask, reports };
}

const countsOf = (...servers: readonly HttpServer[]) => servers.map(({ requests }) => requests.length);

test.each(['get', 'head'] as const)(
  'a mirror that has the image is asked in place of the registry: %s',
  async (method) => {
    const [own, first, second] = [await answering(200, 'own'), await answering(200, 'first'), await answering(200)];
    const { ask, reports } = await openRepository(own, [first.host, second.host]);
    expect(await ask(method)).toEqual([200, 'first']);
    expect(countsOf(own, first, second)).toEqual([0, 1, 0]);
    expect(first.requests).toMatchObject([
      { method: method.toUpperCase(), path: '/v2/team/runner/manifests/latest', headers: { accept: 'x/y' } },
    ]);
    expect(reports).toEqual([]);
  },
);

test('where a mirror lacks something, the next is asked, the registry last, and the mirror again for the next thing', async () => {
  const [own, first, second] = [await answering(200, 'own'), await answering(404), await answering(404)];
  const { ask, reports } = await openRepository(own, [first.host, second.host]);
  expect(await ask()).toEqual([200, 'own']);
  expect(await ask('head', 'blobs/sha256:0')).toEqual([200, 'own']);
  // A HEAD that finds nothing is followed by a GET.
  expect(countsOf(own, first, second)).toEqual([2, 3, 3]);
  expect(reports).toEqual([]);
});

// containers-registries.conf(5), `location` of a mirror; Harbor's proxy projects, Artifactory's repositories by path.
test.each(['docker', 'proxy/docker.io'])(
  'a mirror with the prefix "%s" is asked for the image below it',
  async (prefix) => {
    const [own, mirror] = [await answering(200, 'own'), await answering(200, 'mirror')];
    const { ask } = await openRepository(own, [`${mirror.host}/${prefix}`]);
    expect(await ask()).toEqual([200, 'mirror']);
    expect(mirror.requests.map(({ path }) => path)).toEqual([`/v2/${prefix}/team/runner/manifests/latest`]);
  },
);

test('a mirror with a prefix has the login that is stored for the prefix, and is named with it', async () => {
  const [own, mirror] = [await answering(200, 'own'), await answering(401)];
  const home = await homeWith({
    '.config/containers/auth.json': {
      auths: {
        [mirror.host]: { auth: authOf('all', 'a') },
        [`${mirror.host}/docker`]: { auth: authOf('docker', 'd') },
      },
    },
  });
  mirror.server.removeAllListeners('request');
  const sent: (string | undefined)[] = [];
  mirror.server.on('request', ({ headers }, response) => {
    sent.push(headers.authorization);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  const { ask, reports } = await openRepository(own, [`${mirror.host}/docker`], { environment: { HOME: home } });
  expect(await ask()).toEqual([200, 'own']);
  expect(sent[1]).toBe(`Basic ${authOf('docker', 'd')}`);
  expect(reports.at(-1)).toMatch(new RegExp(`\\. Continuing without the mirror ${mirror.host}/docker$`));
});

test('a mirror that answers a range is final', async () => {
  const [own, mirror] = [await answering(200, 'own'), await answering(206, 'mirror')];
  const { ask } = await openRepository(own, [mirror.host]);
  expect(await ask('get', 'blobs/sha256:0')).toEqual([206, 'mirror']);
});

test('what neither a mirror nor the registry has is missing', async () => {
  const [own, mirror] = [await answering(404, 'own'), await answering(404)];
  const { ask } = await openRepository(own, [mirror.host]);
  expect(await ask()).toEqual([404, 'own']);
});

test.each([
  [401, /denied access to team\/runner\/manifests\/latest \(HTTP 401\)/],
  [403, /denied access to team\/runner\/manifests\/latest \(HTTP 403\)/],
  [501, /failed to answer: team\/runner\/manifests\/latest \(HTTP 501\)/],
])('a mirror that fails with %i is named and not asked again', async (status, why) => {
  const [own, mirror, next] = [await answering(200, 'own'), await answering(status), await answering(200, 'next')];
  const { ask, reports } = await openRepository(own, [mirror.host, next.host]);
  expect([await ask(), await ask()]).toEqual([
    [200, 'next'],
    [200, 'next'],
  ]);
  expect(countsOf(own, mirror, next)).toEqual([0, 1, 2]);
  expect(reports).toEqual([expect.stringMatching(why)]);
  expect(reports[0]).toMatch(new RegExp(`\\. Continuing without the mirror ${mirror.host}$`));
});

test('a mirror that is down is named, and the registry asked', async () => {
  const own = await answering(200, 'own');
  const { ask, reports } = await openRepository(own, ['127.0.0.1:1']);
  expect([await ask(), await ask()]).toEqual([
    [200, 'own'],
    [200, 'own'],
  ]);
  expect(reports).toEqual(['Cannot reach 127.0.0.1:1: connection refused. Continuing without the mirror 127.0.0.1:1']);
});

test('where all fail, the error is that of the registry', async () => {
  const own = await answering(403);
  const { ask } = await openRepository(own, ['127.0.0.1:1']);
  await expect(ask()).rejects.toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: expect.stringContaining(own.host),
  });
});

test('when the user stops while a mirror is asked, the registry is not asked', async () => {
  const stopping = new AbortController();
  const own = await answering(200);
  const mirror = await startHttpServer(() => stopping.abort());
  const { repository, close } = await connect(
    { registry: own.host, repository: 'x' },
    { mirrors: [mirror.host], environment: { HOME: await homeWith({}) }, signal: stopping.signal },
  );
  onTestFinished(close);
  await expect(repository.get('manifests/1', {}, stopping.signal)).rejects.toMatchObject({
    code: 'SPACECTL_INTERRUPTED',
  });
  expect(own.requests).toEqual([]);
});

test('a malformed answer of a mirror to a login is an error, not a reason to go on', async () => {
  const issuer = await startHttpServer((_, response) => response.end('not JSON'));
  const mirror = await startHttpServer((_, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${issuer.url}"` }).end();
  });
  const own = await answering(200);
  const { ask } = await openRepository(own, [mirror.host]);
  await expect(ask()).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
  expect(own.requests).toEqual([]);
});

test('the login given for the registry is for it alone; a mirror has its own stored one', async () => {
  const asking = (status: number) =>
    startHttpServer(({ headers }, response) => {
      if (headers.authorization) response.writeHead(status).end();
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
  const [own, mirror, other] = [await asking(200), await asking(404), await asking(404)];
  const home = await homeWith({
    '.docker/config.json': { auths: { [mirror.host]: { auth: authOf('mirror', 'm') }, [own.host]: { auth: 'eDp5' } } },
  });
  const { ask } = await openRepository(own, [mirror.host, other.host], {
    environment: { HOME: home },
    credentials: { username: 'me', password: 'secret' },
  });
  expect((await ask())[0]).toBe(200);
  const sent = ({ requests }: HttpServer) => requests.map(({ headers }) => headers.authorization);
  expect(sent(own)).toEqual([undefined, `Basic ${authOf('me', 'secret')}`]);
  expect(sent(mirror)).toEqual([undefined, `Basic ${authOf('mirror', 'm')}`]);
  expect(sent(other)).toEqual([undefined]);
});
