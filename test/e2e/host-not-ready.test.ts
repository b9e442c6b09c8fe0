import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { HOST_NEEDS } from '../services/host.ts';
import { setUpHost } from '../services/installed-host.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';

const ANSWERS = ['--dir', '/root/pool', '--recycle'];

/** A whole host that is not booted, as in a container or a rescue system: what runs in it runs in a changed root. */
async function setUpUnbooted() {
  const { host, at } = await setUpHost();
  const run = (program: string, ...args: readonly string[]) =>
    execa('chroot', [host.root, program, ...args], {
      reject: false,
      all: true,
      extendEnv: false,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
    });
  const program = (...args: readonly string[]) => run('node', '/opt/spacectl/dist/run.cjs', ...args);
  const intoTree = (...flags: readonly string[]) => {
    const answers = ANSWERS.map((each) => each.replace('/root/pool', at('root/pool')));
    return spacectl(['host', 'install', ...answers, '--root', host.root, ...flags]);
  };
  /** Everything that an installation leaves. */
  const traces = async () => {
    const folders = ['etc', 'usr/local', 'var/lib', 'opt', 'var/log'].map(at);
    const names = (await execa('find', [...folders, '-name', '*spacelift*', '-o', '-name', 'host.json'])).stdout;
    const unit = '/spacelift-launcher.service.d';
    return names.split('\n').filter((name) => name !== '' && !name.endsWith(unit) && !name.includes('/opt/spacectl/'));
  };
  return { host, at, run, program, intoTree, traces };
}

testWith(...HOST_NEEDS, 'gpg', 'openssl')(
  'a host that cannot become a worker is refused before the first change, with everything that it lacks',
  { timeout: 300_000 },
  async () => {
    const { host, at, run, program, intoTree, traces } = await setUpUnbooted();
    const pool = at('root/pool');
    expect((await spacectl(['render', 'systemd', '--dir', pool, '--ca-strategy', 'host'])).exitCode).toBe(0);
    const passwd = await readFile(at('etc/passwd'), 'utf8');
    const refusal = async () => {
      const script = await run('sh', '/root/pool/systemd/install.sh');
      const installed = await program('host', 'install', ...ANSWERS, '--ca-strategy', 'host');
      expect(await traces()).toEqual([]);
      expect(await readdir(at('run'))).not.toContain('spacelift-install.pending');
      expect([script.exitCode, installed.exitCode]).toEqual([1, 69]);
      const reason = /^install: (.*)$/m.exec(script.all)?.[1] ?? '';
      // The program says the same, in lines of its own width.
      expect(installed.all.replace(/\s+/g, ' ')).toContain(reason);
      return reason;
    };

    expect(await refusal()).toBe('systemd is not running here, so the service cannot be installed');
    await mkdir(at('run/systemd/system'), { recursive: true });
    await writeFile(at('etc/passwd'), `${passwd}spacelift:x:1500:1500::/:/bin/sh\n`);
    expect(await refusal()).toContain('the user spacelift has UID 1500, but runner images use 1983');
    await expect(intoTree()).resolves.toMatchObject({
      exitCode: 73,
      stderr: expect.stringContaining('has UID 1500, but runner images use 1983'),
    });
    await writeFile(at('etc/passwd'), `${passwd}somebody:x:1983:1983::/:/bin/sh\n`);
    expect(await refusal()).toBe('UID 1983 belongs to somebody: free it first');
    await expect(intoTree()).resolves.toMatchObject({
      exitCode: 73,
      stderr: expect.stringContaining('belongs to somebody'),
    });
    await writeFile(at('etc/passwd'), passwd);
    const snap = at('etc/systemd/system/snap.docker.dockerd.service');
    await writeFile(snap, '[Service]\nExecStart=/snap/bin/docker.dockerd\n');
    expect(await refusal()).toContain('Docker is installed as a snap, which cannot mount /opt/spacelift');
    await rm(snap);
    const groups = await readFile(at('etc/group'), 'utf8');
    await writeFile(at('etc/group'), groups.replace(/^docker:.*\n/m, ''));
    expect(await refusal()).toBe('the group docker does not exist: install Docker first');
    const warned = await intoTree('--dry-run');
    expect(`${warned.stdout}${warned.stderr}`).toContain('has no group docker, so the service cannot start there');
    for (const name of ['cmp', 'gpg', 'curl', 'docker', 'podman']) {
      await rename(at(`usr/bin/${name}`), at(`usr/bin/${name}-away`));
    }
    expect(await refusal()).toBe('missing programs, to be installed first: cmp gpg curl/wget docker/podman');
    await rename(at('usr/sbin/dockerd'), at('usr/sbin/dockerd-away'));
    expect(await refusal()).toBe('missing programs, to be installed first: cmp gpg curl/wget Docker');
    expect(await traces()).toEqual([]);
    expect(host.root).toBeTruthy();
  },
);

testWith(...HOST_NEEDS, 'gpg', 'openssl')(
  'host uninstall removes everything, the private key included, where systemd does not run or is gone',
  { timeout: 300_000 },
  async () => {
    const { at, run, program, intoTree, traces } = await setUpUnbooted();
    const enabled = at('etc/systemd/system/multi-user.target.wants/spacelift-launcher.service');
    // What the Ansible role keeps, and another program with the same folder.
    const copies = at('usr/local/lib/spacectl');
    for (const isSystemdThere of [true, false]) {
      if (!isSystemdThere) await rm(at('usr/bin/systemctl'));
      const installed = await intoTree();
      expect({ exitCode: installed.exitCode, stderr: installed.stderr }).toMatchObject({ exitCode: 0 });
      expect((await lstat(enabled)).isSymbolicLink()).toBe(true);
      await mkdir(path.join(copies, 'dist'), { recursive: true });
      for (const name of ['install.sh', 'secrets.env']) await writeFile(path.join(copies, name), 'a copy');
      const first = await program('host', 'uninstall');
      expect(first.exitCode, first.all).toBe(0);
      const kept = ['/etc/spacelift/secrets.env', '/usr/local/lib/spacectl/secrets.env'];
      for (const file of kept) expect(first.all.replace(/\s+/g, ' ')).toContain(`${file} contains the private key`);
      const purged = await program('host', 'uninstall', '--purge');
      expect(purged.exitCode, purged.all).toBe(0);
      expect(await traces()).toEqual([]);
      expect(await readdir(copies)).toEqual(['dist']);
      await expect(lstat(enabled)).rejects.toThrow('ENOENT');
      expect((await run('id', 'spacelift')).exitCode).not.toBe(0);
    }
  },
);
