import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));

/** The package as npm packs it, in a folder of its own. */
async function pack() {
  const folder = await realpath(await temporaryFolder());
  const env = { npm_config_cache: path.join(folder, 'cache'), npm_config_offline: 'true' };
  // The tests have built it already.
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { env });
  const tarball = path.join(folder, `spacectl-${version}.tgz`);
  const npm = (...args: readonly string[]) => execa('npm', args, { cwd: folder, env });
  return { folder, env, tarball, npm };
}

test('--version says which build it is and how it was installed, and --json gives the same as one document', async () => {
  const { stdout } = await spacectl(['--version', '--json']);
  const info = JSON.parse(String(stdout));
  const { stdout: commit } = await execa('git', ['rev-parse', 'HEAD']);
  const platform = `${process.platform}-${process.arch}`;
  const installation = { kind: 'source', path: process.cwd() };
  expect(info).toEqual({
    version,
    commit,
    isModified: expect.any(Boolean),
    node: process.versions.node,
    platform,
    installation,
  });
  const [first, second, third] = String((await spacectl(['--version'])).stdout).split('\n');
  expect(first).toBe(`spacectl/${version} ${platform} node-${process.version}`);
  expect(second).toBe(`commit     ${commit}${info.isModified ? ', with changes' : ''}`);
  expect(third).toBe(`installed  source checkout: ${process.cwd()}`);
});

test('--version tells ways of installing the package apart by what they leave on the disk', {
  timeout: 180_000,
}, async () => {
  const { folder, env, tarball, npm } = await pack();
  await npm('install', '--global', '--prefix', path.join(folder, 'all'), tarball);
  await npm('install', '--prefix', path.join(folder, 'project'), tarball);
  await execa('tar', ['-xzf', tarball, '-C', folder]);
  const ask = async (program: string, ...args: readonly string[]) => {
    const { stdout } = await execa(program, [...args, '--version', '--json'], { cwd: folder, env });
    return JSON.parse(stdout).installation;
  };
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  expect(await ask(at('all/bin/spacectl'))).toEqual({ kind: 'npm-global', path: at('all/lib/node_modules/spacectl') });
  expect(await ask(at('project/node_modules/.bin/spacectl'))).toEqual({
    kind: 'npm-local',
    path: at('project/node_modules/spacectl'),
  });
  expect(await ask(process.execPath, at('package/dist/run.cjs'))).toEqual({ kind: 'package', path: at('package') });
  expect(await ask('npx', '--yes', '--package', tarball, 'spacectl')).toMatchObject({ kind: 'npx' });
  expect(await readdir(at('cache'))).toContain('_npx');
});
