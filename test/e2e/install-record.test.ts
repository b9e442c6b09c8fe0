import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { RECORD_FILE } from '../../src/host/install/install-record.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const test = testWith(ROOT, 'openssl', 'useradd', 'systemctl', 'busybox');

const VARIANTS = {
  'with a timer, and a proxy with a password': ['--recycle', '--https-proxy', 'http://u:p@proxy:3128'],
  'that builds its bundles and trusts the certificates itself': [
    ...['--ca-strategy', 'host', '--mount-path', '/a/b.crt', '--trust-on-host'],
    ...['--secrets', 'encrypted', '--engine', 'podman', '--logs', 'files'],
  ],
  'that fetches its secrets': [
    ...['--secrets-from', 'aws-ssm:/pool', '--launcher-sha256', 'a'.repeat(64), '--worker-comms', 'mqtt'],
  ],
} as const;

/** A pool's folder, and the tree of a small Linux system. */
async function setUp() {
  const folder = await temporaryFolder();
  const [pool, tree] = [path.join(folder, 'pool'), path.join(folder, 'tree')];
  await putKeyPair(pool);
  await writeFile(path.join(pool, 'worker-pool.config'), await makeToken({ key: path.join(pool, 'spacelift.key') }));
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', pool, '--ca', 'docs/example-ca.pem']);
  for (const name of ['etc', 'bin', 'usr/sbin']) await mkdir(path.join(tree, name), { recursive: true });
  await writeFile(path.join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(path.join(tree, 'etc/group'), 'root:x:0:\ndocker:x:999:\n');
  await cp('/bin/busybox', path.join(tree, 'bin/sh'), { dereference: true });
  await writeFile(path.join(tree, 'usr/sbin/update-ca-certificates'), '#!/bin/sh\n');
  await chmod(path.join(tree, 'usr/sbin/update-ca-certificates'), 0o755);
  return { folder, pool, tree };
}

/** The names in a tree, without the copies that useradd keeps of its files. */
async function namesIn(tree: string) {
  const names = await readdir(tree, { recursive: true });
  return names.filter((name) => !/^etc\/(?:passwd-|group-|\.pwd\.lock)$/.test(name)).sort();
}

async function succeed(args: readonly string[]) {
  const run = await spacectl(args);
  expect({ args, exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  return run;
}

test.each(Object.entries(VARIANTS))(
  'install.sh and host install write the same install record, and host uninstall removes either host: one %s',
  async (_title, flags) => {
    const { folder, pool, tree } = await setUp();
    const before = await namesIn(tree);
    const [byScript, byProgram] = ['script', 'program'].map((name) => path.join(folder, name)) as [string, string];
    for (const root of [byScript, byProgram]) await cp(tree, root, { recursive: true });
    await succeed(['render', 'systemd', '--dir', pool, ...flags]);
    const install = () =>
      execa('sh', [path.join(pool, 'systemd/install.sh')], { env: { SPACELIFT_INSTALL_ROOT: byScript } });
    await install();
    await succeed(['host', 'install', '--dir', pool, '--root', byProgram, ...flags]);
    const record = (root: string) => readFile(path.join(root, RECORD_FILE), 'utf8');
    const written = await record(byScript);
    expect(written).toBe(await record(byProgram));
    expect((await stat(path.join(byScript, RECORD_FILE))).mode & 0o777).toBe(0o600);
    // A second run keeps what the first one knew: by then the folders and the user are there.
    await mkdir(path.join(byScript, 'opt/spacelift'), { recursive: true });
    await install();
    expect(await record(byScript)).toBe(written);
    for (const root of [byScript, byProgram]) {
      const status = await succeed(['host', 'status', '--root', root, '--json']);
      expect(JSON.parse(String(status.stdout))).toMatchObject({ isInstalled: true, drift: [] });
      // What a killed update left.
      const { generated = [] } = JSON.parse(await record(root)) as { generated?: string[] };
      const left = [
        '/usr/local/bin/.spacelift-launcher.4711',
        ...generated.slice(0, 1).map((file) => path.join(file, '../.ca-bundle.4711')),
      ];
      for (const file of left) {
        await mkdir(path.join(root, path.dirname(file)), { recursive: true });
        await writeFile(path.join(root, file), '');
      }
      await succeed(['host', 'uninstall', '--root', root, '--purge']);
      expect((await namesIn(root)).filter((name) => name.endsWith('.4711'))).toEqual([]);
    }
    const [left, expected] = await Promise.all([namesIn(byScript), namesIn(byProgram)]);
    // The script enables nothing in a tree, and neither removes folders that were not empty before.
    const isNew = (name: string) => !before.includes(name) && !expected.includes(name);
    expect(left.filter(isNew)).toEqual([]);
    expect(left.filter((name) => /spacelift|spacectl/.test(name))).toEqual([]);
  },
);

test('what an earlier installer left, and one that was installed by hand, stay in the record, so that both can be removed', async () => {
  const { pool, tree } = await setUp();
  const install = async (...flags: readonly string[]) => {
    await succeed(['render', 'systemd', '--dir', pool, ...flags]);
    await execa('sh', [path.join(pool, 'systemd/install.sh')], { env: { SPACELIFT_INSTALL_ROOT: tree } });
  };
  await install('--recycle');
  await writeFile(path.join(tree, 'etc/spacelift/secrets.env.cred'), 'sealed by hand');
  await install('--worker-comms', 'mqtt');
  const { files } = JSON.parse(await readFile(path.join(tree, RECORD_FILE), 'utf8'));
  const paths = files.map((file: { path: string }) => file.path);
  expect(paths).toContain('/etc/systemd/system/spacelift-recycle.timer');
  expect(paths).toContain('/etc/spacelift/secrets.env.cred');
  expect(new Set(paths).size).toBe(paths.length);
  const key = path.join(tree, 'etc/spacelift/api.env');
  await writeFile(key, 'SPACELIFT_API_KEY_SECRET=hush');
  const again = await succeed(['host', 'install', '--dir', pool, '--root', tree, '--dry-run']);
  expect(`${again.stdout}${again.stderr}`).toContain(
    "holds an API key, which everyone who can use the engine's socket",
  );
  const kept = await succeed(['host', 'uninstall', '--root', tree]);
  expect(`${kept.stdout}${kept.stderr}`).toContain('holds an API key');
  await rm(key);
  expect(`${kept.stdout}${kept.stderr}`).toContain('secrets.env.cred contains the private key, and is kept');
  await succeed(['host', 'uninstall', '--root', tree, '--purge']);
  expect((await namesIn(tree)).filter((name) => /spacelift|spacectl/.test(name))).toEqual([]);
});
