import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { buildImage, file, pushImage } from '../services/image.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { NAMESPACES, testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { startTokenIssuer } from '../services/token-issuer.ts';

const EXAMPLE_CA = path.resolve('docs/example-ca.pem');

testWith(
  'docker-registry',
  'htpasswd',
  'openssl',
)('a registry with a private CA and a password is refused without either, and read with both', async () => {
  const folder = await temporaryFolder();
  const [key, certificate] = [path.join(folder, 'server.key'), path.join(folder, 'server.pem')];
  const names = ['-subj', '/CN=registry', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '5'];
  await execa('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    ...names,
  ]);
  const certificateAuthority = await readFile(certificate, 'utf8');
  const credentials = { username: 'alice', password: 'pass:word with spaces' };
  const registry = await startRegistry({ tls: { key, certificate, certificateAuthority }, credentials });
  const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
  const layers = [[file('etc/ssl/certs/ca-certificates.crt', bundle)]];
  const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers, format: 'docker' });
  await pushImage(registry.url, 'runner', 'v1', image, { credentials, certificateAuthority });

  const build = (flags: readonly string[], env: Record<string, string> = {}) =>
    spacectl(
      [
        'ca-bundle',
        'build',
        '--dir',
        folder,
        '--ca',
        EXAMPLE_CA,
        '--source',
        'registry',
        '--image',
        `${registry.host}/runner:v1`,
        ...flags,
      ],
      {
        env: { DOCKER_CONFIG: folder, SSL_CERT_FILE: '', NODE_EXTRA_CA_CERTS: '', ...env },
      },
    );
  const trusted = ['--registry-ca', certificate];
  const login = {
    SPACECTL_REGISTRY_USERNAME: credentials.username,
    SPACECTL_REGISTRY_PASSWORD: credentials.password,
  };
  const plain = await build([], login);
  expect({ exitCode: plain.exitCode, stderr: plain.stderr }).toMatchObject({ exitCode: 69 });
  expect(plain.stderr).toContain('Pass --no-plain-http');
  expect((await build(['--no-plain-http'], { ...login, SSL_CERT_FILE: certificate })).exitCode).toBe(0);
  const half = await build(trusted, { SPACECTL_REGISTRY_USERNAME: credentials.username });
  expect(half).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('go together') });
  expect((await build(trusted)).exitCode).toBe(77);
  const wrong = await build(trusted, { ...login, SPACECTL_REGISTRY_PASSWORD: 'not-the-word' });
  expect(wrong.exitCode).toBe(77);
  expect(wrong.stderr).not.toContain('not-the-word');
  const right = await build(trusted, login);
  expect({ exitCode: right.exitCode, stderr: right.stderr }).toMatchObject({ exitCode: 0 });
  expect((await readFile(path.join(folder, 'custom-ca-bundle.crt'))).subarray(0, bundle.length)).toEqual(bundle);
});

testWith('docker-registry', 'openssl')(
  'a registry with token authentication is read with a login, whichever way it is given, and refused without',
  async () => {
    const folder = await temporaryFolder();
    const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
    const layers = [[file('etc/ssl/certs/ca-certificates.crt', bundle)]];
    const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers });
    // Put there while the storage is open to all, then served by a registry that wants tokens.
    const data = path.join(folder, 'data');
    await pushImage((await startRegistry({ data })).url, 'team/runner', 'v1', image);
    const authority = await createAuthority();
    const credentials = { username: 'alice', password: 'pass:word with spaces' };
    const issuer = await startTokenIssuer(authority, credentials);
    const registry = await startRegistry({
      data,
      tokens: { realm: `${issuer.url}/token`, trusted: authority.authority },
    });

    const build = (env: Record<string, string>) =>
      spacectl(
        [
          'ca-bundle',
          'build',
          '--dir',
          folder,
          '--ca',
          EXAMPLE_CA,
          '--source',
          'registry',
          '--image',
          `${registry.host}/team/runner:v1`,
          '--json',
        ],
        { env: { DOCKER_CONFIG: folder, ...env } },
      );
    expect((await build({})).exitCode).toBe(77);
    const wrong = await build({ SPACECTL_REGISTRY_USERNAME: 'alice', SPACECTL_REGISTRY_PASSWORD: 'not-the-word' });
    expect(wrong.exitCode).toBe(77);
    expect(`${wrong.stdout}${wrong.stderr}`).not.toContain('not-the-word');
    const { username, password } = credentials;
    const right = await build({ SPACECTL_REGISTRY_USERNAME: username, SPACECTL_REGISTRY_PASSWORD: password });
    expect({ exitCode: right.exitCode, stdout: right.stdout }).toMatchObject({ exitCode: 0 });
    expect((await readFile(path.join(folder, 'custom-ca-bundle.crt'))).subarray(0, bundle.length)).toEqual(bundle);
    expect(issuer.requests.map((each) => each.path)).toContainEqual(
      expect.stringMatching(/service=test-registry.*scope=repository%3Ateam%2Frunner%3Apull|scope=.*service=/),
    );

    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    await writeFile(path.join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    expect((await build({})).exitCode).toBe(0);
  },
);

testWith('docker-registry', 'openssl')(
  'a mirror with a prefix and the certificates of its host serves an image whose registry is down',
  async () => {
    const home = await temporaryFolder();
    const { authority, certificate, key } = await createAuthority();
    const at = (name: string) => path.join(home, name);
    await writeFile(at('tls.crt'), certificate);
    await writeFile(at('tls.key'), key);
    const tls = { certificate: at('tls.crt'), key: at('tls.key'), certificateAuthority: authority };
    const mirror = await startRegistry({ tls });
    const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
    const layers = [[file('etc/ssl/certs/ca-certificates.crt', bundle)]];
    const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers });
    await pushImage(mirror.url, 'proxy/hub/team/runner', 'v1', image, { certificateAuthority: authority });
    const reference = '127.0.0.1:1/team/runner:v1';
    const run = (...args: readonly string[]) =>
      spacectl(['ca-bundle', ...args, '--dir', at('pool'), '--mirror', `${mirror.host}/proxy/hub`, '--json'], {
        env: { HOME: home, SSL_CERT_FILE: '', SSL_CERT_DIR: '', NODE_EXTRA_CA_CERTS: '' },
      });
    const build = () => run('build', '--ca', EXAMPLE_CA, '--source', 'registry', '--image', reference);
    expect((await build()).exitCode).toBe(69);
    const folder = at(`.config/containers/certs.d/${mirror.host}`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'ca.crt'), authority);
    const { exitCode, stdout } = await build();
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(String(stdout)).facts.caBundle.image.reference).toBe(reference);
    expect(await run('check')).toMatchObject({ exitCode: 0 });
  },
);

// containers/image, pkg/docker/config/config.go (getPathToAuthWithOS): root's sessions often have no XDG_RUNTIME_DIR.
testWith(
  NAMESPACES,
  'docker-registry',
  'htpasswd',
  'skopeo',
  'unshare',
)("root's login of skopeo, in /run/containers, is used", async () => {
  const folder = await temporaryFolder();
  const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
  const layers = [[file('etc/ssl/certs/ca-certificates.crt', bundle)]];
  const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers });
  const credentials = { username: 'alice', password: 'pass:word with spaces' };
  const registry = await startRegistry({ credentials });
  await pushImage(registry.url, 'runner', 'v1', image, { credentials });
  // What is mounted is gone with the namespace.
  const script = `set -e
mount -t tmpfs tmpfs /run
skopeo login --tls-verify=false --username alice --password-stdin ${registry.host} <password
test -s /run/containers/0/auth.json
exec "$@"`;
  await writeFile(path.join(folder, 'password'), credentials.password);
  const flags = ['--dir', folder, '--ca', EXAMPLE_CA, '--source', 'registry', '--image', `${registry.host}/runner:v1`];
  const command = [process.execPath, PROGRAM, 'ca-bundle', 'build', ...flags];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const options = { cwd: folder, env, extendEnv: false, reject: false } as const;
  const { exitCode, stderr } = await execa('unshare', ['--mount', 'sh', '-c', script, 'sh', ...command], options);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect((await spacectl(command.slice(2), { env: { HOME: folder, XDG_RUNTIME_DIR: folder } })).exitCode).toBe(77);
});
