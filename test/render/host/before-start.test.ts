import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { testWith } from '../../services/programs.ts';
import { SHELLS, writeScript } from '../../services/script.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const test = testWith('curl', 'dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const));

/** A host with the rendered script, whose systemctl knows how often the service was restarted, and whose sleep does not. */
async function setUp(shell: readonly string[]) {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const text = await readFile('templates/host/spacelift-before-start', 'utf8');
  // Functions, because BusyBox prefers its own sleep(1) to the one on the PATH.
  const standIns = `systemctl() { cat "${at('restarts')}"; }\nsleep() { echo "$1" >>"${at('slept')}"; }\n`;
  await writeScript(at('script'), text.replace(/^set -eu$/m, `set -eu\n${standIns}`), shell);
  await writeFile(at('restarts'), '0\n');
  const run = async (env: Readonly<Record<string, string>>) => {
    await writeFile(at('slept'), '');
    const { exitCode, stderr } = await execa(at('script'), {
      reject: false,
      env: { SPACELIFT_RUN: at('run'), DOCKER_HOST: 'tcp://engine:2375', ...env },
    });
    return { exitCode, stderr, slept: (await readFile(at('slept'), 'utf8')).trim().split('\n').join() };
  };
  return { at, run };
}

test('in %j restarts in a row are delayed, longer each time', async (shell) => {
  const host = await setUp(shell);
  const delays: string[] = [];
  const start = async (restarts: number) => {
    await writeFile(host.at('restarts'), `${restarts}\n`);
    const { exitCode, slept } = await host.run({});
    expect(exitCode).toBe(0);
    delays.push(slept);
  };
  for (const restarts of [0, 1, 2, 3, 4, 5, 6, 7, 8]) await start(restarts);
  expect(delays).toEqual(['0', '0', '20', '40', '80', '160', '300', '300', '300']);
  // A start by hand ends the row, also while systemd waits with the next one.
  await start(8);
  await start(9);
  await start(10);
  expect(delays.slice(9)).toEqual(['0', '0', '20']);
  await start(0);
  await start(1);
  expect(delays.slice(12)).toEqual(['0', '0']);
  // So does a run of ten minutes, however many restarts there were before. The delays themselves are no run.
  const [uptime = ''] = (await readFile('/proc/uptime', 'utf8')).split('.');
  const ranFor = (seconds: number) => writeFile(host.at('run/restarts'), `7 ${Number(uptime) - seconds} 39\n`);
  await ranFor(590);
  await start(40);
  await ranFor(610);
  await start(41);
  await start(42);
  expect(delays.slice(14)).toEqual(['300', '0', '20']);
});

test('in %j the engine is waited for until it answers, and a start without one is no crash', async (shell) => {
  const host = await setUp(shell);
  const socket = host.at('engine.sock');
  const env = { DOCKER_HOST: `unix://${socket}`, SPACELIFT_ENGINE_SECONDS: '0' };
  const missing = await host.run(env);
  expect(missing).toMatchObject({ exitCode: 1, slept: '' });
  expect(missing.stderr).toContain(`the container engine does not answer at unix://${socket}`);
  await expect(readFile(host.at('run/restarts'))).rejects.toThrow('ENOENT');
  const server = http.createServer((request, response) => response.end(request.url === '/_ping' ? 'OK' : undefined));
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  expect(await host.run(env)).toMatchObject({ exitCode: 0, slept: '0' });
});

testWith('curl', 'dash')('a socket that a killed engine left behind is no engine', async () => {
  const host = await setUp(['dash']);
  const socket = host.at('engine.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await execa(process.execPath, ['-e', script], { reject: false });
  const run = await host.run({ DOCKER_HOST: `unix://${socket}`, SPACELIFT_ENGINE_SECONDS: '0' });
  expect(run).toMatchObject({ exitCode: 1 });
});
