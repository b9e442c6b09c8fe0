import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { HOST_NEEDS } from '../services/host.ts';
import { buildLauncher, on, setUpHost } from '../services/installed-host.ts';
import { testWith } from '../services/programs.ts';

/** See its README.md. */
const RELEASE = 'test/fixtures/host-8b1e2a54';

/** Where the installer of that release put its files, except for the secrets. */
const FILES = [
  'etc/spacelift/launcher.env',
  'etc/systemd/system/spacelift-launcher.service',
  'etc/systemd/system/spacelift-recycle.service',
  'etc/systemd/system/spacelift-recycle.timer',
  'usr/local/sbin/spacelift-instance-metadata',
  'usr/local/sbin/spacelift-recycle',
  'usr/local/sbin/spacelift-update-launcher',
];

const readJson = async (file: string) => JSON.parse(await readFile(file, 'utf8')) as unknown;

testWith(...HOST_NEEDS, 'gpg', 'gcc')(
  'a host of an earlier release is updated; it goes back by itself if that fails, and by the earlier installer',
  { timeout: 180_000 },
  async () => {
    const { host, at, publish } = await setUpHost();
    await publish(await buildLauncher('one'));
    const names = FILES.map((file) => [file, `${RELEASE}/systemd/${file.split('/').at(-1)}`] as const);
    const installed = async () =>
      Object.fromEntries(await Promise.all(FILES.map(async (file) => [file, await readFile(at(file), 'utf8')])));
    const released = Object.fromEntries(
      await Promise.all(names.map(async ([file, name]) => [file, await readFile(name, 'utf8')])),
    );

    // A pool's directory without a bundle, and what the earlier release rendered from it.
    await mkdir(at('root/plain'), { mode: 0o700 });
    for (const name of ['spacelift.key', 'worker-pool.config'])
      await cp(at(`root/pool/${name}`), at(`root/plain/${name}`));
    await cp(`${RELEASE}/systemd`, at('root/earlier'), { recursive: true });
    const token = await readFile(at('root/plain/worker-pool.config'), 'utf8');
    const key = (await readFile(at('root/plain/spacelift.key'))).toString('base64');
    const secrets = `# Rendered by spacectl.\nSPACELIFT_TOKEN=${token.trim()}\nSPACELIFT_POOL_PRIVATE_KEY=${key}\n`;
    await writeFile(at('root/earlier/secrets.env'), secrets, { mode: 0o600 });
    await mkdir(at('var/lib/spacectl'), { recursive: true });
    await cp(`${RELEASE}/host.json`, at('var/lib/spacectl/host.json'));

    const booted = await host.boot();
    const run = on(booted);
    const expectService = async () => {
      const state = async () => (await booted.run('systemctl', 'is-active', 'spacelift-launcher')).stdout;
      while ((await state()) === 'activating') await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await state()).toBe('active');
    };
    const installEarlier = async () => {
      const { exitCode, all } = await booted.run('sh', '/root/earlier/install.sh');
      expect({ exitCode, all }).toMatchObject({ exitCode: 0 });
      await expectService();
      expect(await installed()).toEqual(released);
    };
    await installEarlier();

    const answers = ['host', 'install', '--dir', '/root/plain', '--recycle'];
    const failed = await run(...answers, '--env', 'FAIL=1', '--json');
    expect(failed.exitCode, failed.all).toBe(69);
    expect(JSON.parse(failed.stdout).error.message).toContain('The previous files were restored');
    expect(await installed()).toEqual(released);
    await expect(stat(at('usr/local/sbin/spacelift-worker-check'))).rejects.toThrow('ENOENT');
    expect(await readJson(at('var/lib/spacectl/host.json'))).toEqual(await readJson(`${RELEASE}/host.json`));
    await expectService();

    const updated = await run(...answers);
    const journal = (await booted.run('journalctl', '--no-pager', '-u', 'spacelift-launcher', '-n', '40')).stdout;
    expect(updated.exitCode, `${updated.all}\n${journal}`).toBe(0);
    expect(await installed()).not.toEqual(released);
    expect(await run('host', 'status')).toMatchObject({ exitCode: 0 });
    expect((await run(...answers)).all).not.toMatch(/^(?:created|changed)/m);

    await installEarlier();
  },
);
