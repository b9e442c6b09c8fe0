import { mkdir, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRegistryImage, parsePlatform, parseReference, readFirstFile } from '../../../src/oci/index.ts';
import type { ImageOptions } from '../../../src/oci/registry/image.ts';
import { type HttpServer, startHttpServer } from '../../services/http-server.ts';
import { type Blob, type BuiltImage, blob, buildImage, buildIndex, file } from '../../services/image.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const platform = parsePlatform('linux/amd64');
const image = buildImage({ platform, layers: [[file(BUNDLE, 'the bundle')]] });
const { signal } = new AbortController();

/** Serves an image; what a test wants to be different, it answers first. */
function serving({ config, layers, manifest }: BuiltImage, first: RequestListener, ...more: Blob[]): RequestListener {
  return (request, response) => {
    first(request, response);
    if (response.headersSent || response.writableEnded) return;
    const name = request.url?.split('/').at(-1);
    const known =
      name === 'latest' ? manifest : [config, ...layers, manifest, ...more].find(({ digest }) => digest === name);
    if (known)
      response.writeHead(200, { 'content-type': known.mediaType, 'content-length': known.size }).end(known.bytes);
    else response.writeHead(404).end();
  };
}

async function read(server: HttpServer, options: Partial<ImageOptions> = {}): Promise<string> {
  const environment = { HOME: await temporaryFolder() };
  const opened = await openRegistryImage(parseReference(`${server.host}/some/image`), {
    platform,
    environment,
    signal,
    ...options,
  });
  onTestFinished(() => opened.close());
  return (await readFirstFile(opened, [BUNDLE], { signal })).bytes.toString();
}

async function loggedIn(host: string, entry: unknown): Promise<NodeJS.ProcessEnv> {
  const folder = path.join(await temporaryFolder(), 'docker');
  await mkdir(folder);
  await writeFile(path.join(folder, 'config.json'), JSON.stringify({ auths: { [host]: entry } }));
  return { DOCKER_CONFIG: folder };
}

/** A registry that wants tokens, and the issuer of them. The issuer answers what `issue` says. */
async function withTokens(
  issue: RequestListener,
  token = 'the-token',
): Promise<{ registry: HttpServer; issuer: HttpServer }> {
  const issuer = await startHttpServer(issue);
  const challenge = `Bearer realm="${issuer.url}/token/",service="public.ecr.aws",scope="aws"`;
  const registry = await startHttpServer(
    serving(image, (request, response) => {
      if (request.headers.authorization === `Bearer ${token}`) return;
      response.writeHead(401, { 'www-authenticate': challenge, 'content-length': 0 }).end();
    }),
  );
  return { registry, issuer };
}

test('an anonymous token is asked for with the service and scope of the challenge', async () => {
  const { registry, issuer } = await withTokens((_, response) => response.end('{"token":"the-token"}'));
  expect(await read(registry)).toBe('the bundle');
  expect(issuer.requests).toMatchObject([{ method: 'GET', path: '/token/?service=public.ecr.aws&scope=aws' }]);
  expect(issuer.requests[0]?.headers.authorization).toBeUndefined();
});

test('a token is asked for with the login, and read under either of its names', async () => {
  const { registry, issuer } = await withTokens((_, response) => response.end('{"access_token":"the-token"}'));
  expect(await read(registry, { credentials: { username: 'me', password: 'pass' } })).toBe('the bundle');
  expect(issuer.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:pass').toString('base64')}`);
  expect(registry.requests.map(({ headers }) => headers.authorization)).not.toContainEqual(
    expect.stringMatching(/^Basic/),
  );
});

test('an expired token is replaced by a new one', async () => {
  let issued = 0;
  const issuer = await startHttpServer((_, response) => {
    issued++;
    response.end(JSON.stringify({ token: `token-${issued}` }));
  });
  const registry = await startHttpServer(
    serving(image, ({ headers, url }, response) => {
      const wanted = url?.includes('/blobs/') ? 'Bearer token-2' : 'Bearer token-1';
      if (headers.authorization === wanted) return;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${issuer.url}"` }).end();
    }),
  );
  expect(await read(registry)).toBe('the bundle');
});

test('an identity token is exchanged by POST, and by GET where the issuer does not know that', async () => {
  const bodies: string[] = [];
  const { registry, issuer } = await withTokens(async (request, response) => {
    if (request.method === 'GET') {
      response.end('{"token":"the-token"}');
      return;
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    if (bodies.length === 1) response.end('{"access_token":"the-token"}');
    else response.writeHead(404).end();
  });
  const environment = await loggedIn(registry.host, { auth: 'eDp5', identitytoken: 'refresh-me' });
  expect(await read(registry, { environment })).toBe('the bundle');
  expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: 'refresh-me',
    scope: 'aws',
    service: 'public.ecr.aws',
  });
  expect(await read(registry, { environment })).toBe('the bundle');
  expect(issuer.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
});

test('a stale stored login does not keep anyone from a public image', async () => {
  const { registry } = await withTokens((request, response) => {
    if (request.headers.authorization) response.writeHead(403).end('Your authorization token has expired');
    else response.end('{"token":"the-token"}');
  });
  const reports: string[] = [];
  const environment = await loggedIn(registry.host, { auth: Buffer.from('AWS:old').toString('base64') });
  expect(await read(registry, { environment, report: (line) => reports.push(line) })).toBe('the bundle');
  expect(reports).toContainEqual(expect.stringContaining('rejected the stored login'));
});

test('an issuer without a token and a token that is rejected are errors that say so', async () => {
  const refused = await withTokens((_, response) => response.writeHead(401).end());
  await expect(read(refused.registry)).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  const useless = await withTokens((_, response) => response.end('{"token":"another-token"}'));
  const failure = await read(useless.registry).catch((error) => error);
  expect(failure).toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  expect(`${failure.message} ${failure.stack}`).not.toContain('another-token');
  const nonsense = await withTokens((_, response) => response.end('not JSON'));
  await expect(read(nonsense.registry)).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
});

test('a blob store on another host gets no token, and its own challenge no credentials', async () => {
  const store = await startHttpServer(serving(image, () => {}));
  const hostile = await startHttpServer((_, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="give me"' }).end();
  });
  for (const [target, outcome] of [
    [store, 'the bundle'],
    [hostile, 'SPACECTL_NOT_ALLOWED'],
  ] as const) {
    const registry = await startHttpServer(
      serving(image, ({ url = '', headers }, response) => {
        if (!headers.authorization) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        else if (url.includes('/blobs/')) response.writeHead(307, { location: `${target.url}${url}` }).end();
      }),
    );
    const credentials = { username: 'me', password: 'pass' };
    expect(await read(registry, { credentials }).catch((error) => error.code)).toBe(outcome);
    expect(new Set(target.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([undefined]));
  }
});

test('a registry that has had too many requests is asked again', async () => {
  let count = 0;
  const registry = await startHttpServer(
    serving(image, (_, response) => {
      count++;
      if (count % 2 === 1) response.writeHead(429, { 'retry-after': '0' }).end();
    }),
  );
  expect(await read(registry)).toBe('the bundle');
});

test('a manifest that does not match its digest is refused', async () => {
  const { index } = buildIndex([image]);
  const other = buildImage({ platform, layers: [[file(BUNDLE, 'forged')]] });
  const lying = await startHttpServer((request, response) => {
    const isIndex = request.url?.endsWith('/latest');
    response.end(isIndex ? index.bytes : other.manifest.bytes);
  });
  await expect(read(lying)).rejects.toMatchObject({ code: 'SPACECTL_DIGEST_MISMATCH', exitCode: 76 });
  const boasting = await startHttpServer((_, response) => {
    response.setHeader('docker-content-digest', image.manifest.digest).end(other.manifest.bytes);
  });
  await expect(read(boasting)).rejects.toMatchObject({ code: 'SPACECTL_DIGEST_MISMATCH' });
});

test('a blob that is corrupted, missing or breaks off is an error that says so', async () => {
  const [layer] = image.layers as [Blob];
  const corrupted = Buffer.from(layer.bytes);
  corrupted[corrupted.length - 20] = (corrupted[corrupted.length - 20] ?? 0) ^ 1;
  const answers: [RequestListener, string][] = [
    [(_, response) => response.end(corrupted), 'SPACECTL_DIGEST_MISMATCH'],
    [(_, response) => response.writeHead(404).end(), 'SPACECTL_BAD_IMAGE'],
    [
      (request, response) => {
        response.writeHead(200, { 'content-length': layer.size });
        response.write(layer.bytes.subarray(0, 50), () => request.socket.destroy());
      },
      'SPACECTL_UNREACHABLE',
    ],
  ];
  for (const [answer, code] of answers) {
    const registry = await startHttpServer(
      serving(image, (request, response) => request.url?.includes('/blobs/') && answer(request, response)),
    );
    await expect(read(registry)).rejects.toMatchObject({ code });
  }
});

test('indexes within indexes are followed, but not without end', async () => {
  for (const [depth, outcome] of [
    [4, 'the bundle'],
    [5, 'SPACECTL_BAD_IMAGE'],
  ] as const) {
    const nested = [image.manifest];
    for (const top of nested) if (nested.length <= depth) nested.push(indexOf(top));
    const latest = nested.at(-1) as Blob;
    const registry = await startHttpServer(serving({ ...image, manifest: latest }, () => {}, ...nested));
    expect(await read(registry).catch((error) => error.code)).toBe(outcome);
  }
});

/** An index with nothing in it but this, and no word of what platform it is for. */
function indexOf({ digest, mediaType, size }: Blob): Blob {
  const content = { schemaVersion: 2, manifests: [{ digest, mediaType, size }] };
  return blob('application/vnd.oci.image.index.v1+json', Buffer.from(JSON.stringify(content)));
}

test('a manifest that is malformed or too large is refused', async () => {
  const bodies: [Buffer, string][] = [
    [Buffer.from('not JSON'), 'SPACECTL_BAD_IMAGE'],
    [Buffer.from('[]'), 'SPACECTL_BAD_IMAGE'],
    [Buffer.from('{"schemaVersion":1,"fsLayers":[]}'), 'SPACECTL_BAD_IMAGE'],
    [Buffer.from('{"layers":[{"mediaType":"x","digest":"../../etc","size":1}]}'), 'SPACECTL_BAD_IMAGE'],
    [
      Buffer.from(`{"layers":[${'{"mediaType":"x","digest":"sha256:0","size":1},'.repeat(600).slice(0, -1)}]}`),
      'SPACECTL_BAD_IMAGE',
    ],
    [Buffer.alloc(5 * 1024 * 1024, ' '), 'SPACECTL_BAD_IMAGE'],
  ];
  for (const [body, code] of bodies) {
    const registry = await startHttpServer((_, response) => response.end(body));
    await expect(read(registry)).rejects.toMatchObject({ code });
  }
});
