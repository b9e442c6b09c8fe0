import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { quoteForShell } from '../../src/core/text.ts';
import { fillTemplate } from '../../src/render/format/template.ts';
import { program, sha256 } from '../services/download-host.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';
import { startBucket } from '../services/s3.ts';
import { SHELLS, writeScript } from '../services/script.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { updateResult } from '../services/updater.ts';

const good = program('good');

/** A machine that keeps the launcher with the digest of `good`, in its place. */
async function setUp(source: string, shell: readonly string[] = ['dash']) {
  const folder = await temporaryFolder();
  const given = { source, digest: sha256(good) };
  const script = path.join(folder, 'script');
  await writeScript(script, await fillTemplate('systemd/spacelift-keep-launcher', given, quoteForShell), shell);
  const destination = path.join(folder, 'bin/spacelift-launcher');
  const put = async (bytes: Buffer) => {
    await mkdir(path.dirname(destination), { recursive: true });
    await writeFile(destination, bytes);
    await chmod(destination, 0o755);
  };
  const run = (options: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    execa(shell[0] ?? '', [...shell.slice(1), script, ...options], {
      reject: false,
      env: {
        SPACELIFT_LAUNCHER_DESTINATION: destination,
        SPACELIFT_LAUNCHER_STATE: path.join(folder, 'state'),
        SPACELIFT_RUN: path.join(folder, 'run'),
        ...env,
      },
    });
  const result = () => updateResult(path.join(folder, 'state'), 'launcher');
  return { folder, destination, put, run, result };
}

testWith('curl', 'dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const))(
  '%j: the pinned launcher is put in place, and not downloaded again while it exists',
  async (shell) => {
    const server = await startHttpServer((_, response) => response.end(good));
    const host = await setUp(`${server.url}/launcher`, shell);
    for (const before of [undefined, program('older')]) {
      if (before) await host.put(before);
      const run = await host.run();
      expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
      expect(await readFile(host.destination)).toEqual(good);
      expect((await stat(host.destination)).mode & 0o777).toBe(0o755);
      expect(await readdir(path.dirname(host.destination))).toEqual(['spacelift-launcher']);
      expect(await host.result()).toBe('installed');
    }
    const asked = server.requests.length;
    expect((await host.run(['--require-update'])).stderr).toContain('the launcher is up to date');
    expect(server.requests).toHaveLength(asked);
    expect(await host.result()).toBe('current');
  },
);

testWith('curl', 'dash').each([
  ['another program', program('evil'), 'is not the pinned launcher'],
  ['cut off', good.subarray(0, 30), 'is not the pinned launcher'],
  ['not there', undefined, 'cannot download'],
])(
  'a launcher is refused for %s, and the one before stays, unless no older one will do',
  async (_name, bytes, message) => {
    const server = await startHttpServer((_, response) => response.writeHead(bytes ? 200 : 404).end(bytes));
    const host = await setUp(`${server.url}/launcher`);
    const first = await host.run();
    expect(first).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(message) });
    await expect(stat(host.destination)).rejects.toThrow('ENOENT');
    expect(await host.result()).toBe('failed');
    await host.put(program('older'));
    expect(await host.run()).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('keeping the launcher that was verified earlier'),
    });
    expect(await host.result()).toBe('kept');
    expect(await host.run(['--require-update'])).toMatchObject({ exitCode: 1 });
    expect(await host.result()).toBe('failed');
    expect(await readFile(host.destination)).toEqual(program('older'));
  },
);

testWith('dash', 'mkfifo')(
  'a source that never answers delays the start until the deadline, and no longer',
  async () => {
    const folder = await temporaryFolder();
    const fifo = path.join(folder, 'release');
    await execa('mkfifo', [fifo]);
    const host = await setUp(fifo);
    await host.put(program('older'));
    const run = await host.run([], { SPACELIFT_UPDATE_SECONDS: '1' });
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('keeping the launcher') });
    expect(await host.result()).toBe('kept');
    expect(await host.run(['--require-update'], { SPACELIFT_UPDATE_SECONDS: '1' })).toMatchObject({ exitCode: 1 });
  },
);

testWith('dash')('the launcher is taken from a path on the host, or has to exist already', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'release'), good);
  const host = await setUp(path.join(folder, 'release'));
  expect(await host.run()).toMatchObject({ exitCode: 0 });
  expect(await readFile(host.destination)).toEqual(good);
  const alone = await setUp('');
  expect(await alone.run()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('put the pinned one there') });
  expect(await alone.result()).toBe('failed');
  await alone.put(program('another'));
  expect(await alone.run()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('is not the pinned launcher'),
  });
  await alone.put(good);
  expect(await alone.run()).toMatchObject({ exitCode: 0 });
});

testWith(
  'dash',
  'aws',
  'openssl',
)('a launcher in a bucket is read by the AWS CLI', async () => {
  const bucket = await startBucket('launchers', new Map([['v1/spacelift-launcher', good]]));
  const host = await setUp('s3://launchers/v1/spacelift-launcher');
  const run = await host.run([], bucket.environment);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(await readFile(host.destination)).toEqual(good);
  const other = await setUp('s3://launchers/none');
  expect(await other.run([], bucket.environment)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('cannot download s3://launchers/none'),
  });
});
