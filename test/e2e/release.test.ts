import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { writeSbom } from '../../build/release/sbom.mjs';
import { temporaryFolder } from '../services/temporary.ts';

/** A release takes minutes: two are made and compared with `TEST_WHOLE=1`. */
const isWhole = Boolean(process.env['TEST_WHOLE']);
const LARGEST_DOWNLOAD = 30_000_000;

async function cloneIn(name: string): Promise<string> {
  const clone = path.join(await temporaryFolder(), name);
  await execa('git', ['clone', '--quiet', process.cwd(), clone]);
  return clone;
}

test('npm run release refuses a tree that is no commit, says what differs, and makes nothing', async () => {
  const clone = await cloneIn('changed');
  await appendFile(path.join(clone, 'README.md'), 'mine\n');
  const release = await execa('node', ['build/release.mjs'], { cwd: clone, reject: false });
  expect(release).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(' M README.md') });
  expect((await execa('git', ['status', '--short', '--ignored'], { cwd: clone })).stdout).toBe(' M README.md');
});

test('the bill of materials names what is bundled and Node’s libraries, the same each time', async () => {
  const licences = await readFile('dist/THIRD-PARTY-LICENSES.txt', 'utf8');
  const node = { node: '24.0.0', openssl: '3.5.9', modules: '137', nghttp3: '' };
  const of = { bundled: ['yaml', 'valibot'].map((name) => `${name}@${versionIn(licences, name)}`), time: 1e9, node };
  const [one, other] = [writeSbom(process.cwd(), of), writeSbom(process.cwd(), of)];
  expect(one).toBe(other);
  const { metadata, components } = JSON.parse(one);
  expect(metadata).toMatchObject({ timestamp: '2001-09-09T01:46:40.000Z', component: { name: 'spacectl' } });
  expect(components.map(({ name }: { name: string }) => name).sort()).toEqual(['node', 'openssl', 'valibot', 'yaml']);
  expect(one).not.toContain('package:development');
  expect(() => writeSbom(process.cwd(), { ...of, bundled: ['nothing@1.0.0'] })).toThrow('nothing@1.0.0');
});

function versionIn(licences: string, name: string): string {
  return new RegExp(`^${name} (\\S+) \\(`, 'm').exec(licences)?.[1] ?? '';
}

if (isWhole)
  test('two releases of one commit, in two clones, are the same bytes', { timeout: 3_000_000 }, async () => {
    const releases = ['one', 'other'].map(async (name) => {
      const clone = await cloneIn(name);
      await execa('cp', ['-al', path.resolve('node_modules'), clone]);
      await execa('node', ['build/release.mjs'], { cwd: clone });
      const { stdout } = await execa('sha256sum', ['--check', 'SHA256SUMS'], { cwd: path.join(clone, 'release') });
      expect(stdout).toContain('.tar.xz: OK');
      const files = await execa('find', ['release', '-name', '*.tar.xz', '-size', `-${LARGEST_DOWNLOAD}c`], {
        cwd: clone,
      });
      expect(files.stdout).not.toBe('');
      return readFile(path.join(clone, 'release/SHA256SUMS'), 'utf8');
    });
    const [one, other] = await Promise.all(releases);
    expect(one).toBe(other);
  });
