import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { BootedHost, Host } from './host.ts';
import { reportOf } from './worker.ts';

const DROP_IN = 'etc/systemd/system/spacelift-launcher.service.d/life.conf';

/**
 * Takes away what a running worker needs, and brings it back: the engine, the download host, the launcher itself. The
 * worker comes back by itself each time, and stopping it never takes long.
 * @param version of the launcher, which is also the one to download
 */
export async function expectWorkerToComeBack(host: Host, booted: BootedHost, version: string): Promise<void> {
  const at = (file: string) => path.join(host.root, file);
  const show = async (name: string) =>
    (await booted.run('systemctl', 'show', '--value', '-p', name, 'spacelift-launcher')).stdout;
  const systemctl = (...words: readonly string[]) => booted.run('systemctl', ...words);
  const set = async (...lines: readonly string[]) => {
    await writeFile(at(DROP_IN), ['[Service]', ...lines, ''].join('\n'));
    await systemctl('daemon-reload');
  };
  const until = async (holds: () => Promise<boolean>) => {
    for (const end = Date.now() + 60_000; !(await holds()); ) {
      if (Date.now() > end) throw new Error((await systemctl('status', 'spacelift-launcher')).all);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const says = (words: string) => async () =>
    (await booted.run('journalctl', '-u', 'spacelift-launcher', '-o', 'cat', '--no-pager')).stdout.includes(words);
  const crash = async () => {
    await rm(at('opt/spacelift/report'), { force: true });
    await systemctl('kill', '--signal=KILL', 'spacelift-launcher');
  };
  /** Stops the service, and everything that it was waiting for, within seconds. */
  const stop = async () => {
    const asked = Date.now();
    await systemctl('stop', 'spacelift-launcher');
    expect(Date.now() - asked).toBeLessThan(5_000);
    const left = (await booted.run('ls', '-A', '/run/spacelift', '/usr/local/bin')).stdout.split('\n');
    expect(left.filter((name) => /^update-|^\.spacelift/.test(name))).toEqual([]);
  };

  // Docker is stopped: the launcher is not. If it ends meanwhile, it is started again once Docker is back.
  await set('RestartSec=1');
  const pid = await show('MainPID');
  const engine = ['docker.service', 'docker.socket'];
  await systemctl('mask', '--runtime', '--now', ...engine);
  expect(await show('MainPID')).toBe(pid);
  await crash();
  await until(async () => (await show('SubState')) === 'start-pre');
  await systemctl('unmask', '--runtime', ...engine);
  await systemctl('start', ...engine);
  expect(await reportOf(host.root, booted, version)).toMatchObject({ docker: 'yes' });

  // It ends again, soon after: the next start is delayed, and stopping it then or starting it by hand is not.
  await crash();
  await until(says('restart 2 in a row: waiting 20 seconds'));
  await stop();
  await systemctl('start', 'spacelift-launcher');
  await reportOf(host.root, booted, version);

  // The download host accepts connections and never answers.
  const serve = "require('net').createServer((socket) => socket.resume()).listen(4430, '127.0.0.1')";
  host.serve(process.execPath, ['-e', serve]);
  const silent = 'Environment=SPACELIFT_LAUNCHER_DOWNLOADS=http://127.0.0.1:4430';
  await set(silent);
  await rm(at('opt/spacelift/report'));
  await systemctl('restart', '--no-block', 'spacelift-launcher');
  const waits = async () => (await host.runInNetwork('ss', '-Htn', 'dport = 4430')) !== '';
  await until(waits);
  await stop();
  await set(silent, 'Environment=SPACELIFT_UPDATE_SECONDS=3');
  await systemctl('start', 'spacelift-launcher');
  await reportOf(host.root, booted, version);
  expect(await readFile(at('var/lib/spacelift-launcher/launcher-update'), 'utf8')).toMatch(/^\d+ kept\n$/);
  await rm(at(DROP_IN));
  await systemctl('daemon-reload');
}
