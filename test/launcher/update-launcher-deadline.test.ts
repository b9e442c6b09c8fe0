import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { LAUNCHER as NAME, program } from '../services/download-host.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';
import { SHELLS } from '../services/script.ts';
import { startSilentServer } from '../services/silent-server.ts';
import { setUpUpdater, type UpdatingHost } from '../services/updater.ts';

const test = testWith('gpg', 'curl', 'dash', 'bash', 'busybox');
const KEPT = 'keeping the launcher that was verified earlier';

/** Files that a run left behind. */
async function leftovers({
  folder,
  destination,
}: Pick<UpdatingHost, 'folder' | 'destination'>): Promise<readonly string[]> {
  const folders = [path.dirname(destination), path.join(folder, 'run')];
  const names = await Promise.all(folders.map((each) => readdir(each).catch(() => [])));
  return names.flat().filter((name) => name !== path.basename(destination));
}

/** A host with a launcher, and a download host that accepts connections and never answers. */
async function setUp(shell: readonly string[]) {
  const host = await setUpUpdater(shell);
  await host.publish(program('one'));
  await host.run();
  const silence = await startSilentServer();
  return { ...host, silence, silent: { SPACELIFT_LAUNCHER_DOWNLOADS: `http://${silence.host}` } };
}

test.each(SHELLS.map((shell) => [shell] as const))(
  'in %j a download host that never answers delays the start until the deadline, and no longer',
  async (shell) => {
    const host = await setUp(shell);
    const started = Date.now();
    const run = await host.run({ ...host.silent, SPACELIFT_UPDATE_SECONDS: '1' });
    expect(Date.now() - started).toBeLessThan(10_000);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain('gave up after 1 seconds');
    expect(run.stderr).toContain(KEPT);
    expect(await host.result()).toBe('kept');
    expect(await readFile(host.destination)).toEqual(program('one'));
    expect(await leftovers(host)).toEqual([]);
    const required = await host.run({ ...host.silent, SPACELIFT_UPDATE_SECONDS: '1' }, '--require-update');
    expect(required).toMatchObject({ exitCode: 1 });
    expect(await host.result()).toBe('failed');
  },
);

/** Publishes a new launcher on a server that sends half of it, and tells when it has. */
async function stall(host: UpdatingHost) {
  await host.publish(program(Buffer.alloc(100_000, 'two')));
  let tell = () => {};
  const reached = new Promise<void>((resolve) => (tell = resolve));
  const server = await startHttpServer((request, response) => {
    const body = host.files.get(request.url ?? '') ?? Buffer.alloc(0);
    if (request.url !== `/${NAME}`) return response.end(body);
    return response.writeHead(200, { 'content-length': body.length }).write(body.subarray(0, 50_000), tell);
  });
  return { env: { SPACELIFT_LAUNCHER_DOWNLOADS: server.url }, reached };
}

test('a launcher whose download stops in the middle is not installed, and nothing of it stays', async () => {
  const host = await setUp(['dash']);
  const { env } = await stall(host);
  const run = await host.run({ ...env, SPACELIFT_UPDATE_SECONDS: '2' });
  expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(KEPT) });
  expect(await readFile(host.destination)).toEqual(program('one'));
  expect(await leftovers(host)).toEqual([]);
});

test.each(SHELLS.map((shell) => [shell] as const))(
  'in %j an update that is asked to stop ends at once, and what a killed one left behind goes with the next',
  async (shell) => {
    const host = await setUp(shell);
    const before = await readFile(path.join(host.state, 'launcher-update'), 'utf8');
    const connection = host.silence.connection();
    const stopped = host.run(host.silent);
    await connection;
    const asked = Date.now();
    stopped.kill('SIGTERM');
    expect(await stopped).toMatchObject({ exitCode: 143 });
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(await leftovers(host)).toEqual([]);
    // It has come to nothing, so nothing is recorded.
    expect(await readFile(path.join(host.state, 'launcher-update'), 'utf8')).toBe(before);

    const { env, reached } = await stall(host);
    const killed = host.run(env);
    await reached;
    process.kill(-Number(killed.pid), 'SIGKILL');
    expect(await killed).toMatchObject({ signal: 'SIGKILL' });
    expect((await leftovers(host)).map((name) => name.replace(/\d+$/, ''))).toEqual([
      '.spacelift-launcher.',
      'update-launcher.',
    ]);
    // From an earlier version, and with a process ID that another program has now.
    await mkdir(path.join(path.dirname(host.destination), '.spacelift-launcher.aB3dE6'));
    await mkdir(path.join(host.folder, 'run', `update-launcher.${process.pid}`));
    const other = await stall(host);
    const another = host.run(other.env);
    await other.reached;
    // The one that is at work swept already, and is not disturbed by the next.
    const working = await leftovers(host);
    expect(working).toHaveLength(2);
    expect(await host.run()).toMatchObject({ exitCode: 0 });
    expect(await leftovers(host)).toEqual(working);
    another.kill();
    await another;
    expect(await leftovers(host)).toEqual([]);
  },
);

test('with a launcher to keep, an update takes two minutes at most, and always less than systemd waits', async () => {
  const host = await setUp(['dash']);
  const seconds = async (...options: readonly string[]) => {
    const connection = host.silence.connection();
    const run = host.run(host.silent, ...options);
    await connection;
    const words = (await readFile(`/proc/${run.pid}/cmdline`, 'utf8')).split('\0');
    run.kill();
    await run;
    return Number(words[words.indexOf('60') + 1]);
  };
  expect(await seconds()).toBe(120);
  // The one in place must not be started, so it takes its time.
  expect(await seconds('--require-update')).toBe(1500);
  await rm(host.destination);
  expect(await seconds()).toBe(1500);
  const unit = await readFile('templates/systemd/spacelift-launcher.service', 'utf8');
  const patience = Number(/^TimeoutStartSec=(\d+)min$/m.exec(unit)?.[1]) * 60;
  expect(1500 + 60).toBeLessThan(patience);
});
