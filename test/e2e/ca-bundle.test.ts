import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { buildImage, file, symlink as linkEntry, pushImage, pushIndex, writeLayout } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';

const linux = (architecture: string) => ({ os: 'linux', architecture });
let base = '';

/** A certificate authority of the test, as files. */
async function makeAuthority(
  folder: string,
  name: string,
  ...more: readonly string[]
): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  const subject = ['-subj', `/O=Test/CN=${name}`, '-days', '30', ...more];
  await execa('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    ...subject,
  ]);
  return { key, certificate };
}

beforeAll(async () => {
  base = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
});

const debianLike = (architecture: string, bundle: string) =>
  buildImage({
    platform: linux(architecture),
    layers: [[file('etc/os-release', 'ID=debian')], [file('etc/ssl/certs/ca-certificates.crt', bundle)]],
  });

const redHatLike = (bundle: string) =>
  buildImage({
    platform: linux('amd64'),
    layers: [
      [file('etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', bundle)],
      [linkEntry('etc/pki/tls/certs/ca-bundle.crt', '../../ca-trust/extracted/pem/tls-ca-bundle.pem')],
    ],
  });

testWith('docker-registry', 'openssl')(
  'each platform of an index has its own bundle, kept byte for byte and extended',
  async () => {
    const folder = await temporaryFolder();
    const registry = await startRegistry();
    const arm = base.trimEnd();
    await pushIndex(registry.url, 'runner', 'latest', [debianLike('amd64', base), debianLike('arm64', arm)]);
    const { certificate } = await makeAuthority(folder, 'Corporate Root');
    for (const [platform, bundle] of [
      ['linux/amd64', base],
      ['linux/arm64', arm],
    ] as const) {
      const output = path.join(folder, `${platform.slice(6)}.crt`);
      const args = [
        '--ca',
        certificate,
        '--image',
        `${registry.host}/runner:latest`,
        '--platform',
        platform,
        '--output',
        output,
      ];
      const run = await spacectl(['ca-bundle', 'build', ...args, '--json']);
      expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
      const result = await readFile(output, 'utf8');
      expect(result.startsWith(`${bundle.trimEnd()}\n#`)).toBe(true);
      expect(result).toMatch(/[^\n]\n$/);
      expect(result).toContain('# O=Test, CN=Corporate Root\n');
      const lock = JSON.parse(await readFile(output.replace('.crt', '.lock.json'), 'utf8'));
      expect(lock).toMatchObject({
        source: 'registry',
        mountPath: '/etc/ssl/certs/ca-certificates.crt',
        image: { platform },
      });
      const again = await spacectl(['ca-bundle', 'build', ...args, '--json']);
      expect(JSON.parse(String(again.stdout)).changes).toMatchObject([
        { status: 'unchanged' },
        { status: 'unchanged' },
      ]);
    }
  },
);

testWith('docker-registry', 'openssl')(
  'a Red Hat-like image: the bundle behind a link into another folder and layer',
  async () => {
    const folder = await temporaryFolder();
    const registry = await startRegistry();
    await pushIndex(registry.url, 'ubi/runner', '9', [redHatLike(base)]);
    const { certificate } = await makeAuthority(folder, 'Corporate Root');
    const run = await spacectl([
      'ca-bundle',
      'build',
      '--dir',
      folder,
      '--ca',
      certificate,
      '--image',
      `${registry.host}/ubi/runner:9`,
    ]);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    const lock = JSON.parse(await readFile(path.join(folder, 'custom-ca-bundle.lock.json'), 'utf8'));
    expect(lock.image).toMatchObject({
      path: '/etc/pki/tls/certs/ca-bundle.crt',
      resolvedPath: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    });
    expect((await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8')).startsWith(base)).toBe(true);
  },
);

testWith('docker-registry')(
  'every place of a trust store, layers unverified only if allowed, and many builds over one cache',
  { timeout: 120_000 },
  async () => {
    const registry = await startRegistry();
    const folder = await temporaryFolder();
    const other = base.slice(0, base.indexOf('-----BEGIN', 10));
    const image = buildImage({
      platform: linux('amd64'),
      layers: [
        [file('etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', other)],
        [file('etc/ssl/certs/ca-certificates.crt', base), linkEntry('etc/ssl/cert.pem', 'certs/ca-certificates.crt')],
        [linkEntry('etc/pki/tls/certs/ca-bundle.crt', '../../ca-trust/extracted/pem/tls-ca-bundle.pem')],
      ],
    });
    await pushImage(registry.url, 'runner', 'v1', image);
    const reference = `${registry.host}/runner@${image.manifest.digest}`;
    const build = async (name: string, ...more: readonly string[]) => {
      const args = ['--ca', 'docs/example-ca.pem', '--image', reference, '--json', '--output', path.join(folder, name)];
      const { exitCode, stdout } = await spacectl(['ca-bundle', 'build', ...args, ...more], {
        env: { XDG_CACHE_HOME: path.join(folder, 'cache') },
      });
      const { facts, warnings, error } = JSON.parse(String(stdout));
      return { exitCode, lock: facts?.caBundle, warnings, error };
    };
    const all = await build('all.crt', '--all-paths');
    expect(all.lock.mountPaths).toEqual(['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt']);
    expect(all.lock.mountPath).toBe('/etc/ssl/certs/ca-certificates.crt');
    expect(all.warnings.join()).toMatch(/ca-bundle\.crt .*of the image are different bundles/);
    const refused = await build('fast.crt', '--verify', 'fast');
    expect(refused).toMatchObject({ exitCode: 2, error: { code: 'SPACECTL_BAD_INPUT' } });
    expect(refused.error.suggestions.join()).toContain('--allow-unverified');
    expect(await build('fast.crt', '--verify', 'fast', '--allow-unverified')).toMatchObject({ exitCode: 0 });
    await rm(path.join(folder, 'cache'), { recursive: true });
    const runs = await Promise.all(Array.from({ length: 6 }, (_, index) => build(`${index}.crt`)));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
    const bundles = await Promise.all(runs.map((_, index) => readFile(path.join(folder, `${index}.crt`), 'utf8')));
    expect(new Set(bundles).size).toBe(1);
    expect(bundles[0]?.startsWith(base)).toBe(true);
  },
);

testWith('docker-registry')(
  'an image without a bundle, an unknown image and an unreachable registry are told apart',
  async () => {
    const folder = await temporaryFolder();
    const registry = await startRegistry();
    const bare = buildImage({ platform: linux('amd64'), layers: [[file('app/tls.pem', 'x')]] });
    await pushIndex(registry.url, 'bare', 'latest', [bare]);
    const build = (image: string) =>
      spacectl(['ca-bundle', 'build', '--dir', folder, '--ca', path.resolve('docs/example-ca.pem'), '--image', image]);
    const none = await build(`${registry.host}/bare`);
    expect(none.exitCode).toBe(65);
    expect(none.stderr).toContain('/app/tls.pem');
    const unknown = await build(`${registry.host}/nothing`);
    expect(unknown.stderr).toContain('nothing');
    expect(unknown.exitCode).toBeGreaterThan(1);
    expect((await build('127.0.0.1:1/runner')).exitCode).toBe(69);
  },
);

testWith('openssl')(
  'a TLS server under the custom authority is trusted with the built bundle, and not without',
  async () => {
    const folder = await temporaryFolder();
    const { key, certificate } = await makeAuthority(folder, 'Corporate Root');
    const [leafKey, leaf] = [path.join(folder, 'leaf.key'), path.join(folder, 'leaf.pem')];
    const names = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ];
    await execa('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      leafKey,
      '-out',
      leaf,
      '-CA',
      certificate,
      '-CAkey',
      key,
      '-days',
      '5',
      ...names,
    ]);
    await spacectl(['ca-bundle', 'build', '--dir', folder, '--ca', certificate, '--offline']);
    const bundle = await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8');
    const server = createServer({ key: await readFile(leafKey), cert: await readFile(leaf) }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const handshake = (ca: string) =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca }, () => resolve('trusted'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      });
    try {
      expect(await handshake(bundle.slice(0, bundle.indexOf('# O=Test')))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(await handshake(bundle)).toBe('trusted');
    } finally {
      server.close();
    }
  },
);

test.each([
  ['a private key', async (folder: string) => (await makeAuthority(folder, 'A')).key, 'is a private key'],
  [
    'a leaf',
    async (folder: string) =>
      (await makeAuthority(folder, 'Leaf', '-addext', 'basicConstraints=critical,CA:FALSE')).certificate,
    'CN=Leaf',
  ],
  ['a page of HTML', async (folder: string) => write(folder, '<!DOCTYPE html><p>Not found'), 'web page'],
  ['an empty file', async (folder: string) => write(folder, ''), 'is empty'],
  ['a block cut off', async (folder: string) => write(folder, '-----BEGIN CERTIFICATE-----\nMIIB'), 'cut off'],
])('refused as --ca: %s', async (_case, make, message) => {
  const folder = await temporaryFolder();
  const given = await make(folder);
  const { exitCode, stderr } = await spacectl(['ca-bundle', 'build', '--dir', folder, '--offline', '--ca', given]);
  expect(exitCode).toBe(65);
  expect(stderr).toContain(given);
  expect(stderr).toContain(message);
});

const write = async (folder: string, text: string): Promise<string> => {
  const name = path.join(folder, 'given.pem');
  await writeFile(name, text);
  return name;
};

test('fixes CRLF, a byte order mark, indentation and joined blocks; accepts DER and standard input; adds nothing twice', async () => {
  const folder = await temporaryFolder();
  const [one, two] = [await makeAuthority(folder, 'One'), await makeAuthority(folder, 'Two')];
  const [first, second] = [await readFile(one.certificate, 'utf8'), await readFile(two.certificate, 'utf8')];
  const input = `\u{feff}text before\r\n${first.replaceAll('\n', '\r\n  ').trimEnd()}${second.trimEnd()}`;
  const der = path.join(folder, 'one.der');
  await writeFile(der, new X509Certificate(first).raw);
  const run = await spacectl(['ca-bundle', 'build', '--dir', folder, '--offline', '--ca', '-', '--ca', der, '--json'], {
    input,
    stdin: 'pipe',
  });
  expect(run.exitCode).toBe(0);
  const { facts } = JSON.parse(String(run.stdout));
  expect(facts.caBundle.added.map(({ subject }: { subject: string }) => subject)).toEqual([
    'O=Test, CN=One',
    'O=Test, CN=Two',
  ]);
  const bundle = await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8');
  expect(bundle).toContain(first);
  expect(bundle.endsWith(second)).toBe(true);
});

test('--output is never what the bundle is made from, through links either, nor with --force', async () => {
  const folder = await temporaryFolder();
  const own = path.join(folder, 'own');
  await mkdir(own);
  const [ca, bundle, link, layout] = ['own/ca.pem', 'base.crt', 'link.pem', 'layout'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string, string];
  await copyFile('docs/example-ca.pem', ca);
  await writeFile(bundle, base);
  await symlink(ca, link);
  await writeLayout(layout, { v1: debianLike('amd64', base) });
  const before = await snapshot(folder);
  for (const [given, image, output] of [
    [ca, bundle, ca],
    [ca, bundle, link],
    [link, bundle, ca],
    [ca, bundle, bundle],
    [own, bundle, path.join(own, 'new.crt')],
    [ca, layout, path.join(layout, 'index.json')],
  ] as const) {
    const args = ['--ca', given, '--image', image, '--output', output, '--force'];
    const { exitCode, stderr } = await spacectl(['ca-bundle', 'build', ...args]);
    expect({ output, exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--output') });
  }
  expect(await snapshot(folder)).toEqual(before);
});

test.each([
  ['nothing at all', [], 'Missing --ca'],
  ['a bundle file that is not named', ['--source', 'file', '--ca', 'docs/example-ca.pem'], 'Missing --image'],
])('without a terminal, %s is an error that names the flag', async (_name, more, message) => {
  const dir = await temporaryFolder();
  const { exitCode, stderr } = await spacectl(['ca-bundle', 'build', '--dir', dir, ...more]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
});
