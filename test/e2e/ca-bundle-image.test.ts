import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { debianLike, linux, makeAuthority } from '../services/bundle-images.ts';
import { buildImage, file, symlink as linkEntry, pushImage, pushIndex } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { temporaryFolder } from '../services/temporary.ts';

let base = '';

beforeAll(async () => {
  base = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
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
  'the bundle of a Red Hat-like image is found behind a link into another folder and layer',
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
  '--all-paths lists every place of a trust store, --verify fast needs permission, and builds at once share a cache',
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
    expect(JSON.stringify(refused.error.suggestions)).toContain('--allow-unverified');
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
