import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { sha256, startDownloadHost } from '../services/download-host.ts';
import { blocksOfFleetPage, fleetBlock } from '../services/fleet-page.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { launcherBytes } from '../services/launcher-download.ts';
import { environmentOf, PROGRAM } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

test('every block of code on the page is run by a test, here or on a booted host', async () => {
  const tests = await Promise.all(
    ['test/e2e/fleet.test.ts', 'test/e2e/ansible-host.test.ts'].map((file) => readFile(file, 'utf8')),
  );
  const run = [...tests.join('\n').matchAll(/fleetBlock\('([^']+)', (\d)\)/g)].map(
    ([, heading, number]) => `${heading} ${number}`,
  );
  const present = [...(await blocksOfFleetPage())].flatMap(([heading, blocks]) =>
    blocks.map((_, number) => `${heading} ${number}`),
  );
  expect(present.length).toBeGreaterThan(8);
  expect(present.filter((block) => !run.includes(block))).toEqual([]);
});

/** A control node: the program on the PATH, and a pool's directory. */
async function setUpControlNode(programs: Readonly<Record<string, string>> = {}) {
  const cwd = await temporaryFolder();
  const bin = path.join(cwd, 'bin');
  await mkdir(bin);
  const put = (name: string, text: string) => writeFile(path.join(cwd, name), text, { mode: 0o755 });
  await put('bin/spacectl', `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`);
  for (const [name, text] of Object.entries(programs)) await put(`bin/${name}`, text);
  const pool = path.join(cwd, 'my-pool');
  await putKeyPair(pool);
  await writeFile(path.join(pool, 'worker-pool.config'), await makeToken({ key: path.join(pool, 'spacelift.key') }));
  await writeFile(path.join(cwd, 'vault-password'), 'correct horse battery staple\n');
  const sh = (block: string, env: Record<string, string> = {}, ...args: readonly string[]) => {
    const PATH = `${bin}:${process.env['PATH']}`;
    const options = { cwd, reject: false, extendEnv: false, env: { ...environmentOf(env), PATH } } as const;
    return execa('sh', ['-e', '-c', block, 'sh', ...args], options);
  };
  return { cwd, pool, put, sh };
}

test('a launcher is verified, put on the mirror under its digest, and pinned in the role', async () => {
  const { cwd, sh } = await setUpControlNode();
  const download = await startDownloadHost();
  await download.publish(launcherBytes);
  await mkdir(path.join(cwd, 'mirror'));
  const source = { SPACECTL_LAUNCHER_MIRROR: download.url, SPACECTL_FINGERPRINT: download.fingerprint };
  const key = path.join(cwd, 'key.asc');
  await writeFile(key, download.files.get('/key') ?? '');
  const run = await sh(await fleetBlock('Launchers', 0), { ...source, SPACECTL_SIGNING_KEY: key });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  const digest = sha256(await readFile(path.join(cwd, 'spacelift-launcher')));
  expect(sha256(await readFile(path.join(cwd, `mirror/spacelift-launcher-${digest}`)))).toBe(digest);
  const role = path.join(cwd, 'my-pool/ansible/roles/spacelift_worker/files');
  const updater = await readFile(path.join(role, 'spacelift-update-launcher'), 'utf8');
  expect(updater).toContain(`source='https://mirror.example.com/spacelift-launcher-${digest}'\ndigest='${digest}'\n`);
  expect(await readFile(path.join(role, 'launcher.env'), 'utf8')).toContain(
    'SPACELIFT_WORKER_COMMS_URL=https://app.spacelift.io',
  );
});

testWith('jq')('the worker of a host is found by its tag and drained, and no other', async () => {
  const { sh } = await setUpControlNode();
  const server = await startSpacelift();
  const pool = server.addPool({ name: 'build-eu' });
  const workers = ['worker-016', 'worker-017'].map((host) =>
    server.addWorker(pool, { metadata: JSON.stringify({ host }) }),
  );
  const run = await sh(await fleetBlock('Drain', 0), { ...server.environment, SPACECTL_POOL_ID: pool.id });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(workers.map(({ drained }) => drained)).toEqual([false, true]);
});

testWith('curl')('every host is restarted in turn, each once its worker is drained', async () => {
  const server = await startSpacelift();
  const pool = server.addPool({ name: 'build-eu' });
  const hosts = ['worker-016', 'worker-017'];
  const ids = hosts.map((host) => server.addWorker(pool, { metadata: JSON.stringify({ host }) }).id);
  // Where the launcher restarts, a new worker registers.
  const ssh = `#!/bin/sh\necho "$@" >>ssh.log\ncase $1 in ${hosts[0]}) id=${ids[0]} ;; *) id=${ids[1]} ;; esac\ncurl -sf ${server.url}/replace/$id\n`;
  const { cwd, put, sh } = await setUpControlNode({ ssh });
  await put('restart-host.sh', await fleetBlock('Drain', 2));
  const run = await sh(await fleetBlock('Drain', 1), { ...server.environment, SPACECTL_POOL_ID: pool.id });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(await readFile(path.join(cwd, 'ssh.log'), 'utf8')).toBe(
    hosts.map((host) => `${host} sudo systemctl restart spacelift-launcher\n`).join(''),
  );
});

const WORKER =
  '{"worker":true,"restarts":0,"disk_free_percent":42,"faults":[],"warnings":[{"id":"disk-low","text":"a \\"b\\""}]}';
const NO_WORKER =
  '{"worker":null,"restarts":null,"disk_free_percent":null,"faults":[{"id":"unknown","text":"x"}],"warnings":[{"id":"unknown","text":"y"}]}';

testWith('jq').each([
  [
    WORKER,
    0,
    [
      'spacelift_worker 1',
      'spacelift_worker_restarts 0',
      'spacelift_worker_disk_free_percent 42',
      'spacelift_worker_problem{id="disk-low"} 1',
    ],
  ],
  [NO_WORKER, 10, ['spacelift_worker 0', 'spacelift_worker_problem{id="unknown"} 1']],
])('the line of a host becomes metrics that everyone can read: %s', async (line, exitCode, metrics) => {
  const check = `#!/bin/sh\necho '${line}'\necho trouble >&2\nexit ${exitCode}\n`;
  const { cwd, put, sh } = await setUpControlNode({ 'spacelift-worker-check': check });
  await put('metrics', await fleetBlock('Alerts', 0));
  await mkdir(path.join(cwd, 'collector'));
  const run = await sh('umask 077; ./metrics collector');
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const file = path.join(cwd, 'collector/spacelift.prom');
  expect((await readFile(file, 'utf8')).trim().split('\n')).toEqual(metrics);
  expect((await stat(file)).mode & 0o777).toBe(0o644);
});

testWith('systemd-analyze')('systemd takes the timer and its service', async () => {
  const folder = await temporaryFolder();
  const units = { service: await fleetBlock('Alerts', 1), timer: await fleetBlock('Alerts', 2) };
  for (const [kind, text] of Object.entries(units)) {
    const unit = text.replace('/usr/local/sbin/spacelift-worker-metrics', '/bin/true');
    await writeFile(path.join(folder, `spacelift-worker-metrics.${kind}`), unit);
  }
  const file = path.join(folder, 'spacelift-worker-metrics.timer');
  const run = await execa('systemd-analyze', ['verify', file], {
    all: true,
    reject: false,
    env: { SYSTEMD_UNIT_PATH: `${folder}:` },
  });
  expect({ exitCode: run.exitCode, all: run.all }).toEqual({ exitCode: 0, all: '' });
});
