import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const PAGE = await readFile('docs/reference/variables.md', 'utf8');
const LAUNCHER = await readFile('docs/service.md', 'utf8');

/** Paths of a host that belong to others, and a script that is installed as `spacelift-update-launcher`. */
const OF_OTHERS = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/user/1983/docker.sock',
  'spacelift-keep-launcher',
];

/** Variables of the host's scripts that a unit, an installer or a test sets. */
const UNTOLD = [
  'SPACELIFT_API_FILE',
  'SPACELIFT_CA_CERTIFICATES',
  'SPACELIFT_INSTALL_ROOT',
  'SPACELIFT_LAUNCHER_DESTINATION',
  'SPACELIFT_LAUNCHER_KEY_FILE',
  'SPACELIFT_LAUNCHER_STATE',
  'SPACELIFT_LIMIT',
  'SPACELIFT_METADATA_FILE',
  'SPACELIFT_RECYCLE_INTERVAL',
  'SPACELIFT_RECYCLE_LOGIN_INTERVAL',
  'SPACELIFT_RECYCLE_PATIENCE',
  'SPACELIFT_RUN',
  'SPACELIFT_SECRETS_FILE',
];

async function textsIn(...folders: readonly string[]): Promise<string> {
  const names = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
    }),
  );
  return (await Promise.all(names.flat().map((name) => readFile(name, 'utf8')))).join('\n');
}

test('the reference names every file that is kept on a host', async () => {
  const code = await textsIn('src/render/host', 'src/render/systemd', 'src/host/install');
  const quoted = code.matchAll(/'((?:\/etc|\/usr\/local|\/var\/lib|\/var\/log|\/opt|\/run)\/[\w./-]+)'/g);
  const scripts = (await readdir('templates/host')).filter((name) => name.startsWith('spacelift-'));
  const units = (await readdir('templates/systemd')).filter((name) => name.startsWith('spacelift-'));
  const files = new Set([
    ...[...quoted].map(([, file = '']) => file.replace('/usr/local/sbin/', '')),
    ...scripts,
    ...units,
  ]);
  expect(files.size).toBeGreaterThan(30);
  expect([...files].filter((file) => !OF_OTHERS.includes(file) && !PAGE.includes(file))).toEqual([]);
});

test("the reference names every file of a pool's directory", async () => {
  const code = await textsIn('src/pool-folder', 'src/pki', 'src/ca-bundle/lock', 'src/setup');
  const files = [...code.matchAll(/^export const \w+_FILE = '([^']+)'/gm)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((file) => !PAGE.includes(`\`${file}\``))).toEqual([]);
});

test('the reference names every variable that the scripts of a host read', async () => {
  const scripts = await textsIn('templates/host', 'templates/systemd');
  const read = new Set([...scripts.matchAll(/\$\{?((?:SPACELIFT|DOCKER)_[A-Z_]+)/g)].map(([, name = '']) => name));
  expect(read.size).toBeGreaterThan(20);
  const told = (name: string) => [PAGE, LAUNCHER].some((page) => page.includes(`\`${name}\``));
  expect([...read].filter((name) => !told(name) && !UNTOLD.includes(name))).toEqual([]);
  expect(UNTOLD.filter((name) => !read.has(name))).toEqual([]);
});
