import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { fingerprintOf } from '../../src/x509/index.ts';
import { type CertificateRequest, type MadeCertificate, makeCertificate, toPem } from '../services/certificate.ts';
import { expectDocumented } from '../services/documented.ts';
import { startHttpServer } from '../services/http-server.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const day = (days: number) => new Date(Date.now() + days * 86_400_000);
const root = makeCertificate({ subject: { O: 'Test', CN: 'Root' } });
const intermediate = makeCertificate({ subject: { O: 'Test', CN: 'Issuing' }, issuer: root });
const impostor = makeCertificate({ subject: { O: 'Test', CN: 'Root' } });
const other = makeCertificate({ subject: { O: 'Test', CN: 'Other' } });
/** The trust settings that `openssl x509 -addreject serverAuth -trustout` appends: SEQUENCE { [0] { serverAuth } }. */
const REJECTS_SERVERS = Buffer.from('300ca00a06082b06010505070301', 'hex');
const leafOf = (issuer: MadeCertificate, more: Partial<CertificateRequest> = {}) =>
  makeCertificate({ subject: { CN: 'localhost' }, issuer, isCa: false, names: ['localhost', '127.0.0.1'], ...more });

/** A TLS server of the test that shows a certificate and what it sends along. Returns `127.0.0.1:PORT`. */
async function startTlsServer(leaf: MadeCertificate, ...chain: readonly MadeCertificate[]): Promise<string> {
  const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  return listening(
    createServer({ key, cert: [leaf, ...chain].map(({ pem }) => pem).join('') }, (socket) => socket.end()),
  );
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function probe(bundle: readonly MadeCertificate[], args: readonly string[], env: Record<string, string> = {}) {
  const file = path.join(await temporaryFolder(), 'bundle.crt');
  await writeFile(file, bundle.map(({ pem }) => pem).join(''));
  const run = await spacectl(['ca-bundle', 'probe', '--bundle', file, '--json', ...args], { env });
  if (run.exitCode === 0 || run.exitCode === 10) expectDocumented('ca-bundle probe', run.stdout);
  return { exitCode: run.exitCode, document: JSON.parse(String(run.stdout)) };
}

test('a server under a root of the bundle is trusted, and its chain is shown in order', async () => {
  const target = await startTlsServer(leafOf(intermediate), intermediate);
  const { exitCode, document } = await probe([other, root], [target]);
  expect(exitCode).toBe(0);
  const by = {
    isTrusted: true,
    reason: expect.stringContaining('O=Test, CN=Root'),
    trustedBy: fingerprintOf(root.der),
  };
  const verdict = expect.stringMatching(/^trusted: the bundle has O=Test, CN=Root, valid until/);
  expect(document.servers).toMatchObject([{ target, isTrusted: true, verdict, go: by, openssl: by }]);
  const [{ chain }] = document.servers;
  expect(chain.map(({ subject }: { subject: string }) => subject)).toEqual(['CN=localhost', 'O=Test, CN=Issuing']);
});

test.each<readonly [string, readonly MadeCertificate[], readonly [MadeCertificate, ...MadeCertificate[]], string]>([
  [
    'the root is missing, and the server shows it',
    [other],
    [leafOf(intermediate), intermediate, root],
    'the bundle lacks the root that the server sent, O=Test, CN=Root (SHA-256',
  ],
  [
    'the root is missing, and nobody shows it',
    [other],
    [leafOf(intermediate), intermediate],
    'lacks O=Test, CN=Root, which signed O=Test, CN=Issuing',
  ],
  [
    'the server does not send its intermediate',
    [root],
    [leafOf(intermediate)],
    'lacks O=Test, CN=Issuing, which signed CN=localhost. If O=Test, CN=Issuing is an intermediate, the server should send it',
  ],
  ['the bundle has a root of that name with another key', [impostor], [leafOf(root)], 'has a different key'],
  [
    'the bundle has the intermediate only',
    [intermediate],
    [leafOf(intermediate), intermediate],
    'not trusted by OpenSSL: the bundle has O=Test, CN=Issuing, but not its issuer O=Test, CN=Root',
  ],
  [
    'the certificate has only a common name',
    [root],
    [makeCertificate({ subject: { CN: '127.0.0.1' }, issuer: root, isCa: false })],
    'not trusted by Go: its certificate CN=127.0.0.1 has no subjectAltName',
  ],
  [
    'the certificate has expired',
    [root],
    [leafOf(root, { notBefore: day(-9), notAfter: day(-2) })],
    'CN=localhost expired on',
  ],
  [
    'the certificate is for another name',
    [root],
    [leafOf(root, { names: ['example.org'] })],
    'is for example.org, not for 127.0.0.1',
  ],
  [
    'the certificate signs itself',
    [root],
    [makeCertificate({ subject: { CN: 'localhost' }, isCa: false, names: ['127.0.0.1'] })],
    'is self-signed',
  ],
])('a server that is not trusted is shown with the reason: %s', async (_case, bundle, [leaf, ...chain], verdict) => {
  const { exitCode, document } = await probe(bundle, [await startTlsServer(leaf, ...chain)]);
  expect(document.servers[0].verdict).toContain(verdict);
  expect(document.servers[0].isTrusted).toBe(false);
  expect(exitCode).toBe(10);
});

test('--servername is sent to the server and checked against its certificate', async () => {
  const target = await startTlsServer(leafOf(root, { names: ['gitlab.example.com'] }));
  expect((await probe([root], [target])).exitCode).toBe(10);
  expect((await probe([root], [target, '--servername', 'gitlab.example.com'])).exitCode).toBe(0);
});

test('servers that refuse, speak no TLS or say nothing are listed with the cause, and the exit code is 69', async () => {
  const silent = await listening(createTcpServer(() => {}));
  const plain = await startHttpServer((_, response) => response.end());
  const trusted = await startTlsServer(leafOf(root));
  const { exitCode, document } = await probe([root], [trusted, '127.0.0.1:1', plain.host, silent, '--timeout', '1']);
  expect(exitCode).toBe(69);
  expect(document.servers.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
    expect.stringContaining('trusted'),
    expect.stringContaining('connection refused'),
    expect.stringContaining('does not use TLS'),
    expect.stringContaining('timed out'),
  ]);
});

test('a server is reached through the proxy of the environment', async () => {
  const target = await startTlsServer(leafOf(root, { names: ['inside.example.com'] }));
  const proxy = await startHttpServer((_, response) => response.end());
  const asked: (string | undefined)[] = [];
  proxy.server.on('connect', ({ url }, socket) => {
    asked.push(url);
    const [host = '', port] = target.split(':');
    const upstream = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    upstream.pipe(socket).pipe(upstream);
    for (const each of [upstream, socket]) each.on('error', () => {});
  });
  const env = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  expect((await probe([root], ['inside.example.com:8443'], env)).exitCode).toBe(0);
  // Once with what OpenSSL offers, once with what Go offers.
  expect(asked).toEqual(['inside.example.com:8443', 'inside.example.com:8443']);
});

test('what Go and OpenSSL decide is shown line by line where they differ', async () => {
  const target = await startTlsServer(leafOf(intermediate), intermediate);
  const file = path.join(await temporaryFolder(), 'bundle.crt');
  await writeFile(file, intermediate.pem);
  const run = await spacectl(['ca-bundle', 'probe', target, '--bundle', file]);
  expect(run.exitCode).toBe(10);
  expect(
    String(run.stdout)
      .split('\n')
      .map((line) => line.replace(/\d{4}-\d\d-\d\d/, 'DATE')),
  ).toEqual([
    `${target} (TLSv1.3) not trusted by OpenSSL`,
    '  Go: trusted: the bundle has O=Test, CN=Issuing, valid until DATE',
    '  OpenSSL: not trusted: the bundle has O=Test, CN=Issuing, but not its issuer O=Test, CN=Root; OpenSSL requires a root. curl and Python 3.13 do not',
    '  CN=localhost until DATE',
    '    O=Test, CN=Issuing until DATE',
  ]);
});

test.each([
  ['AES in CCM', { ciphers: 'ECDHE-ECDSA-AES256-CCM', maxVersion: 'TLSv1.2' }],
  ['another curve', { ecdhCurve: 'X448' }],
] as const)('a server that offers Go nothing is not trusted by Go: %s', async (_what, options) => {
  const leaf = leafOf(root);
  const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const target = await listening(createServer({ key, cert: leaf.pem, ...options }, (socket) => socket.end()));
  const { exitCode, document } = await probe([root], [target]);
  expect(exitCode).toBe(10);
  expect(document.servers[0].verdict).toMatch(
    /^not trusted by Go: the server uses TLS_.* and accepts nothing that Go offers/,
  );
  expect(document.servers[0].openssl.isTrusted).toBe(true);
});

test.each(['base64', 'secret-manifest', 'additional-root-cas'])('a bundle is read in the format %s', async (format) => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('ca.pem'), root.pem);
  const build = ['ca-bundle', 'build', '--offline', '--ca', at('ca.pem'), '--output', at('bundle')];
  expect((await spacectl([...build, '--format', format])).exitCode).toBe(0);
  const target = await startTlsServer(leafOf(root));
  const run = await spacectl([
    'ca-bundle',
    'probe',
    `https://${target}/path?query`,
    '--bundle',
    at('bundle'),
    '--json',
  ]);
  expect(JSON.parse(String(run.stdout)).servers).toMatchObject([{ target, isTrusted: true }]);
});

test('each reader trusts only what it reads of the bundle', async () => {
  const target = await startTlsServer(leafOf(root));
  const labelled = root.pem.replaceAll(' CERTIFICATE-', ' X509 CERTIFICATE-');
  const distrusted = toPem(Buffer.concat([root.der, REJECTS_SERVERS]), 'TRUSTED CERTIFICATE');
  const file = path.join(await temporaryFolder(), 'bundle.crt');
  const verdict = async (text: string) => {
    await writeFile(file, text);
    const run = await spacectl(['ca-bundle', 'probe', target, '--bundle', file, '--json']);
    return JSON.parse(String(run.stdout)).servers?.[0].verdict ?? JSON.parse(String(run.stdout)).error.message;
  };
  expect(await verdict(other.pem + labelled)).toMatch(/^not trusted by Go: the bundle lacks O=Test, CN=Root/);
  expect(await verdict(distrusted + root.pem)).toMatch(
    /^not trusted by OpenSSL: the bundle distrusts .* Go trusts it$/,
  );
  expect(await verdict(`${root.pem}-----BEGIN CERTIFICATE-----\n`)).toMatch(
    /^not trusted by OpenSSL: OpenSSL reads no/,
  );
  expect(await verdict('nothing')).toMatch(/contains no certificates that Go or OpenSSL read$/);
});

test.each(['', 'no port given:x', 'host:0', 'host:70000', 'host:443:443', 'a b:443'])(
  '"%s" is no server',
  async (target) => {
    const run = await spacectl(['ca-bundle', 'probe', target]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('is not HOST:PORT');
  },
);

test('the URL of a service without TLS is rejected', async () => {
  const run = await spacectl(['ca-bundle', 'probe', 'http://git.example.com/x']);
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('uses no TLS')]);
});
