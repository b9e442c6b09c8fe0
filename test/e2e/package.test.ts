import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../services/temporary.ts';

const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
const { version } = JSON.parse(await readFile('package.json', 'utf8'));

test('the packed program, installed elsewhere and without the network, builds a bundle and files for hosts', async () => {
  const [packed, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
  // The tests have built it already: without the prepare script it is not built a second time.
  const env = { npm_config_cache: await temporaryFolder() };
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], { env });
  const [tarball] = await readdir(packed);
  expect(tarball).toBe(`spacectl-${version}.tgz`);
  const [, said = ''] =
    /^\| \[npm package\].*?\| ([\d.]+) MB \|/m.exec(await readFile('docs/install.md', 'utf8')) ?? [];
  expect(Math.abs((await stat(path.join(packed, tarball as string))).size / 1e6 - Number(said))).toBeLessThan(0.1);
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', elsewhere];
  await execa('npm', [...install, path.join(packed, tarball as string)], { env });
  // Everything is bundled: one package is all there is.
  expect((await readdir(path.join(elsewhere, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
    'spacectl',
  ]);
  const program = path.join(elsewhere, 'node_modules/.bin/spacectl');
  const run = (...args: readonly string[]) =>
    execa(program, args, { cwd: elsewhere, stdin: 'ignore', env: { CI: 'true' } });
  expect((await run('--version')).stdout).toContain(`spacectl/${version} `);
  expect((await run('--help')).stdout).toContain('keypair');
  await run(
    'init',
    '--offline',
    '--dir',
    'pool',
    '--bits',
    '2048',
    '--ca',
    EXAMPLE_CA,
    '--target',
    'systemd',
    '--target',
    'cloud-init',
  );
  const bundle = await readFile(path.join(elsewhere, 'pool/custom-ca-bundle.crt'), 'utf8');
  expect(bundle.split('-----BEGIN CERTIFICATE-----').length).toBeGreaterThan(100);
  expect(bundle).toContain((await readFile(EXAMPLE_CA, 'utf8')).trim().split('\n').at(-2));
  expect((await stat(path.join(elsewhere, 'pool/spacelift.key'))).mode & 0o777).toBe(0o600);
  expect(await readdir(path.join(elsewhere, 'pool/systemd'))).toContain('install.sh');
  expect(await readFile(path.join(elsewhere, 'node_modules/spacectl/dist/THIRD-PARTY-LICENSES.txt'), 'utf8')).toContain(
    'MIT',
  );
});

test('npx runs the program of a clone', async () => {
  // With a cache of its own, as on a new machine: npx remembers where a folder's program was.
  const env = { npm_config_cache: await temporaryFolder() };
  const { stdout } = await execa('npx', ['--no-install', 'spacectl', '--version'], { stdin: 'ignore', env });
  expect(stdout).toContain(`spacectl/${version} `);
});
