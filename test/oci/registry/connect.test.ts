import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { discard } from '../../../src/http/index.ts';
import { connect, type RegistryOptions } from '../../../src/oci/registry/connect.ts';
import { createAuthority } from '../../services/authority.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { authOf, homeWith } from '../../services/login-files.ts';
import { testWith } from '../../services/programs.ts';
import { startTunnel } from '../../services/tunnel.ts';

const { signal } = new AbortController();

afterEach(() => vi.unstubAllEnvs());

async function open(registry: string, options: Partial<RegistryOptions> = {}) {
  const environment = { HOME: await homeWith({}) };
  const { repository, close } = await connect({ registry, repository: 'team/x' }, { environment, signal, ...options });
  onTestFinished(close);
  return async () => {
    const response = await repository.get('manifests/1', {}, signal);
    discard(response);
    return response.status;
  };
}

/** Which URL is requested for a registry: proxies see the host of https, and the whole of http. */
async function requestedFor(registry: string, options: Partial<RegistryOptions> = {}): Promise<string | undefined> {
  const plain = await startHttpServer((_, response) => response.end());
  const { proxy, tunnels } = await startTunnel({});
  vi.stubEnv('HTTPS_PROXY', proxy);
  vi.stubEnv('HTTP_PROXY', plain.url);
  vi.stubEnv('NO_PROXY', '');
  await (await open(registry, options))().catch(() => {});
  return plain.requests[0]?.path ?? (tunnels[0] && `https://${tunnels[0]}`);
}

test.each<[string, Partial<RegistryOptions>, string]>([
  ['r.example', {}, 'https://r.example:443'],
  ['r.example:5000', {}, 'https://r.example:5000'],
  ['r.example', { plainHttp: false }, 'https://r.example:443'],
  ['r.example', { plainHttp: true }, 'http://r.example/v2/team/x/manifests/1'],
  ['localhost.example', {}, 'https://localhost.example:443'],
  ['docker.io', {}, 'https://registry-1.docker.io:443'],
  ['docker.io.example', {}, 'https://docker.io.example:443'],
])('the registry %s with %j is reached at %s', async (registry, options, expected) => {
  expect(await requestedFor(registry, options)).toBe(expected);
});

test.each(['127.0.0.1', 'localhost'])('a registry on %s is reached over http', async (host) => {
  const server = await startHttpServer((_, response) => response.end());
  const ask = await open(server.host.replace('127.0.0.1', host));
  expect(await ask()).toBe(200);
  expect(server.requests.map(({ path }) => path)).toEqual(['/v2/team/x/manifests/1']);
});

testWith('openssl')(
  'a registry on loopback is reached over https where its CA is given, or http is forbidden',
  async () => {
    const { authority, ...tls } = await createAuthority();
    const { host } = await startHttpServer((_, response) => response.end(), tls);
    expect(await (await open(host, { certificateAuthority: authority }))()).toBe(200);
    await expect((await open(host, { plainHttp: false }))()).rejects.toMatchObject({
      message: `Cannot reach ${host}: its certificate is signed by an unknown authority`,
      suggestions: [{ text: 'Pass the certificate of its CA with --registry-ca FILE, or set SSL_CERT_FILE' }],
    });
    const clientCertificate = tls;
    await expect((await open(host, { clientCertificate }))()).rejects.toThrow(/signed by an unknown authority/);
    const plain = await startHttpServer((_, response) => response.end());
    expect(await (await open(plain.host, { certificateAuthority: authority, plainHttp: true }))()).toBe(200);
  },
);

test('a login that is given takes the place of the stored one', async () => {
  const server = await startHttpServer(({ headers }, response) => {
    response.writeHead(headers.authorization ? 200 : 401, { 'www-authenticate': 'Basic' }).end();
  });
  const stored = { auths: { [server.host]: { auth: authOf('stored', 's') } } };
  const environment = { HOME: await homeWith({ '.docker/config.json': stored }) };
  await (await open(server.host, { environment }))();
  await (await open(server.host, { environment, credentials: { username: 'given', password: 'g' } }))();
  expect(server.requests.flatMap(({ headers }) => headers.authorization ?? [])).toEqual([
    `Basic ${authOf('stored', 's')}`,
    `Basic ${authOf('given', 'g')}`,
  ]);
});

test('stored logins that cannot be used are an error before anything is requested', async () => {
  const server = await startHttpServer((_, response) => response.end());
  const environment = { HOME: await homeWith({ '.docker/config.json': 'not JSON' }) };
  await expect(open(server.host, { environment })).rejects.toMatchObject({ code: 'SPACECTL_BAD_ANSWERS' });
  expect(server.requests).toEqual([]);
});

testWith('openssl')('the client certificate is shown to the registry and not to a mirror', async () => {
  const { authority, ...tls } = await createAuthority();
  const asking = { ...tls, clientAuthority: authority };
  const mirror = await startHttpServer((_, response) => response.end(), asking);
  const own = await startHttpServer((_, response) => response.end(), asking);
  const reports: string[] = [];
  const ask = await open(own.host, {
    certificateAuthority: authority,
    clientCertificate: tls,
    mirrors: [mirror.host],
    report: (each) => reports.push(each),
  });
  expect(await ask()).toBe(200);
  expect(reports).toEqual([expect.stringContaining('it requires a client certificate that it accepts')]);
});
