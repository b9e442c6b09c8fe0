import { access, cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { putProgram } from '../services/doctor-on-host.ts';
import { expectDocumented } from '../services/documented.ts';
import { on } from '../services/installed-host.ts';
import { testWith } from '../services/programs.ts';
import { createLab, LAB_NEEDS, type LabHost } from '../services/ssh-lab.ts';

const MINUTES = 60_000;

testWith(...LAB_NEEDS)(
  'two hosts are installed over SSH, are seen in the pool, and are not touched by a second run',
  async () => {
    const own = ({ name, host }: LabHost) => (name === 'worker-1' ? putProgram(host.root) : undefined);
    const { pool, hosts, run, start, at, config, stored } = await createLab(['worker-1', 'worker-2'], async (host) =>
      own(host),
    );
    const [one, two] = hosts;
    if (!one || !two) throw new Error('two hosts');
    const ssh = ['--ssh-config', config, '--ssh', 'worker-1', '--ssh', 'worker-2'];
    const deploy = (...more: readonly string[]) => run('deploy', pool, ...ssh, '--yes', '--wait', '2', ...more);
    const isUntouched = () => expect(access(one.at('etc/spacelift/launcher.env'))).rejects.toThrow('ENOENT');

    // What keeps one host from becoming a worker is said before the other is touched.
    const known = await readFile(at('known_hosts'), 'utf8');
    await writeFile(at('known_hosts'), known.replace(/^worker-2 /m, 'worker-3 '));
    const strange = await deploy();
    expect(strange, strange.all).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('worker-2: ') });
    expect(strange.stderr).toMatch(/[Hh]ost key/);
    await writeFile(at('known_hosts'), known);
    const absent = await run(
      'deploy',
      pool,
      '--ssh-config',
      config,
      '--ssh',
      '10.99.0.99',
      '--ssh',
      'worker-1',
      '--yes',
    );
    expect(absent, absent.all).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('10.99.0.99') });
    await two.booted.run(
      'sh',
      '-c',
      'useradd -m plain && cp -r /root/.ssh /home/plain && chown -R plain /home/plain/.ssh',
    );
    const refused = await run(
      'deploy',
      pool,
      '--ssh-config',
      config,
      '--ssh',
      'plain@worker-2',
      '--ssh',
      'worker-1',
      '--yes',
    );
    expect(refused, refused.all).toMatchObject({
      exitCode: 77,
      stderr: expect.stringContaining('plain@worker-2: sudo'),
    });
    await two.booted.run('groupmod', '-n', 'away', 'docker');
    const bare = await deploy();
    expect(bare, bare.all).toMatchObject({
      exitCode: 69,
      stderr: expect.stringContaining('worker-2: the group docker does not exist'),
    });
    await two.booted.run('groupmod', '-n', 'docker', 'away');
    const docker = (from: string, to: string) =>
      two.booted.run(
        'sh',
        '-ec',
        `for file in /usr/bin/docker /usr/sbin/dockerd /run/docker.sock; do mv $file${from} $file${to}; done`,
      );
    expect((await docker('', '.away')).exitCode).toBe(0);
    const without = await deploy();
    expect(without, without.all).toMatchObject({
      exitCode: 69,
      stderr: expect.stringContaining('worker-2: missing programs, to be installed first: Docker\n'),
    });
    await docker('.away', '');
    await isUntouched();
    const asked = await run('deploy', pool, ...ssh);
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') });
    const dry = await run('deploy', pool, ...ssh, '--dry-run');
    expect(dry).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Install the worker on worker-2 over SSH'),
    });
    await isUntouched();

    // Stopped midway, and again.
    const stopped = start('deploy', pool, ...ssh, '--yes', '--wait', '2');
    await new Promise<void>((resolve) => {
      stopped.stderr?.on('data', (chunk: Buffer) => String(chunk).includes('started the service') && resolve());
    });
    stopped.kill('SIGINT');
    const ended = await stopped;
    expect(ended, ended.all).toMatchObject({ exitCode: 130 });
    const first = await deploy();
    expect(first.exitCode, first.all).toBe(0);
    expect(stored.workers).toHaveLength(2);
    for (const name of ['worker-1', 'worker-2']) expect(first.stdout).toMatch(new RegExp(`${name}: \\S+, \\d+ s old`));
    expect(await readFile(two.at('etc/spacelift/secrets.env'), 'utf8')).toContain('SPACELIFT_TOKEN=');
    expect((await two.booted.run('sh', '-c', 'ls -d /run/spacectl-deploy.*')).exitCode).not.toBe(0);

    const before = stored.workers.map(({ id }) => id).sort();
    const again = await deploy('--json');
    expect(again.exitCode, again.all).toBe(0);
    expectDocumented('deploy', again.stdout);
    expect(JSON.parse(again.stdout).notes).toEqual(
      expect.arrayContaining(['worker-1: nothing changed', 'worker-2: nothing changed']),
    );
    expect(stored.workers.map(({ id }) => id).sort()).toEqual(before);

    // Hosts that spacectl.yaml names are part of the directory's status.
    const file = path.join(pool, 'spacectl.yaml');
    const answers = `${await readFile(file, 'utf8')}deploy:\n  ssh-config: ${config}\n  ssh: [worker-1, worker-2]\n`;
    await writeFile(file, answers);
    const hostsThing = async () => {
      const { stdout } = await run('status', pool, '--json');
      return JSON.parse(stdout).things.find(({ id }: { id: string }) => id === 'hosts');
    };
    expect(await hostsThing()).toMatchObject({
      state: 'good',
      evidence: expect.stringMatching(/^worker-1: is a worker \(checked at \S+Z\)\. worker-2: is a worker/),
    });
    await two.booted.run('systemctl', 'stop', 'spacelift-launcher');
    expect(await hostsThing()).toMatchObject({
      state: 'attention',
      evidence: expect.stringContaining('worker-2: the service is'),
      command: `spacectl deploy ${pool}`,
    });

    // The same directory on the host itself: nothing is left to do there.
    const nothing = await run('deploy', pool, '--only', 'ansible', '--yes');
    expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ansible: not rendered in') });
    await cp(pool, one.at('root/pool'), { recursive: true });
    await writeFile(one.at('root/pool/spacectl.yaml'), 'hosts:\n  target: [systemd]\n');
    expect((await on(one.booted)('apply', '/root/pool')).exitCode).toBe(0);
    const there = await on(one.booted)('deploy', '/root/pool', '--yes', '--json');
    expect(there.exitCode, there.all).toBe(0);
    expectDocumented('deploy', there.stdout);
    const report = JSON.parse(there.stdout);
    expect(
      report.changes.filter(({ step, status }: Record<string, string>) => step !== 'workers' && status !== 'unchanged'),
    ).toEqual([]);
    expect(report.warnings.join()).toContain('Not checked at Spacelift');
  },
  6 * MINUTES,
);

const wholeOnly = process.env['TEST_WHOLE'] ? testWith(...LAB_NEEDS) : test.skip;

wholeOnly(
  'a launcher that does not stay up, has no connection or is not in the pool: what the checks of its host find',
  async () => {
    const { pool, hosts, run, config, hidden } = await createLab(['worker-1', 'worker-2'], async ({ at }) => {
      await putProgram(at('.'));
      await writeFile(at('usr/local/bin/spacectl'), '#!/bin/sh\nexec node /opt/spacectl/dist/run.cjs "$@"\n', {
        mode: 0o755,
      });
    });
    const file = path.join(pool, 'spacectl.yaml');
    const answers = await readFile(file, 'utf8');
    const ssh = ['--ssh-config', config, '--ssh', 'worker-1', '--ssh', 'worker-2'];
    const deploy = () => run('deploy', pool, ...ssh, '--yes', '--wait', '1');
    await writeFile(file, `${answers}  env: [FAIL=1]\n`);
    const ill = await deploy();
    expect(ill, ill.all).toMatchObject({ exitCode: 10, stderr: expect.stringContaining('worker-1 is not a worker: ') });
    // The doctor of the host, too.
    expect(ill.stderr).toMatch(/; (?:service|process|launcher)[a-z-]*: /);
    expect(ill.stderr).toContain(`ssh -F ${config} worker-1 journalctl -u spacelift-launcher`);
    await expect(access(hosts[1]?.at('etc/spacelift/launcher.env') ?? '')).rejects.toThrow('ENOENT');

    await writeFile(file, answers);
    const cured = await deploy();
    expect(cured.exitCode, cured.all).toBe(0);
    const shell = (script: string) => hosts[1]?.booted.run('sh', '-c', script);
    await shell('echo offline >/opt/spacelift/offline; systemctl restart spacelift-launcher');
    const half = await deploy();
    expect(half, half.all).toMatchObject({
      exitCode: 10,
      stderr: expect.stringMatching(/worker-2 is not a worker: .*keeps no connection.*Installed before it: worker-1/s),
    });

    await shell('rm /opt/spacelift/offline; systemctl restart spacelift-launcher');
    hidden.add('worker-2');
    const unseen = await deploy();
    expect(unseen, unseen.all).toMatchObject({ exitCode: 10 });
    const words = unseen.stderr.slice(unseen.stderr.indexOf('Error: ')).replaceAll(/\s+/g, ' ');
    // Its own check finds nothing, and the doctor that the lab has servers of its own.
    expect(words).toContain('lab has 1 worker of 2 after 1 minute. No worker from worker-2. worker-2: egress: Cannot');
    expect(words).not.toContain('worker-1:');
  },
  8 * MINUTES,
);
