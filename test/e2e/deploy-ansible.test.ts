import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { testWith } from '../services/programs.ts';
import { createLab, LAB_NEEDS } from '../services/ssh-lab.ts';

const MINUTES = 60_000;
const PASSWORD = 'correct horse battery staple';

// Three minutes: `npm run hosts` runs it. Over SSH (deploy-ssh.test.ts), the same is done in every run.
const wholeOnly = process.env['TEST_WHOLE'] ? testWith(...LAB_NEEDS, 'ansible-playbook', 'ansible-vault') : test.skip;

wholeOnly(
  'two hosts are installed with Ansible, one after the other, also after Ctrl-C, and drained before they are changed',
  async () => {
    const { pool, hosts, run, start, at, config, stored, spacelift } = await createLab(['worker-1', 'worker-2']);
    await writeFile(at('vault-password'), `${PASSWORD}\n`);
    const answers = `pool:\n  id: ${stored.id}\nhosts:\n  target: [ansible]\nansible:\n  host: [worker-1, worker-2]\n`;
    await writeFile(path.join(pool, 'spacectl.yaml'), answers);
    const vault = ['--vault-password-file', at('vault-password')];
    const render = async (...more: readonly string[]) => {
      const rendered = await run('render', 'ansible', '--dir', pool, '--ca-strategy', 'inline', ...vault, ...more);
      expect(rendered.exitCode, rendered.all).toBe(0);
    };
    await render();
    const variables = {
      ansible_user: 'root',
      ansible_python_interpreter: '/usr/bin/python3',
      ansible_ssh_common_args: `-F ${config}`,
    };
    await writeFile(path.join(pool, 'ansible/group_vars/spacelift_workers/connection.yml'), stringify(variables));
    const deploy = (...more: readonly string[]) => run('deploy', pool, ...vault, '--yes', '--wait', '2', ...more);

    const known = await readFile(at('known_hosts'), 'utf8');
    await writeFile(at('known_hosts'), known.replace(/^worker-2 /m, 'worker-3 '));
    const strange = await deploy();
    expect(strange, strange.all).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('worker-2') });
    expect(strange.stderr).toMatch(/host key/i);
    await writeFile(at('known_hosts'), known);

    // Stopped while the first host is installed, which goes on there.
    const stopped = start('deploy', pool, ...vault, '--yes', '--wait', '2');
    const isInstalling = () =>
      access(hosts[0]?.at('etc/spacelift/launcher.env') ?? '').then(
        () => true,
        () => false,
      );
    await expect.poll(isInstalling, { timeout: 2 * MINUTES }).toBe(true);
    stopped.kill('SIGINT');
    expect(await stopped).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('ansible-playbook was stopped'),
    });

    const first = await deploy();
    expect(first.exitCode, first.all).toBe(0);
    expect(first.all).not.toContain(PASSWORD);
    expect(stored.workers).toHaveLength(2);
    const before = stored.workers.map(({ id }) => id).sort();
    const again = await deploy();
    expect(again.exitCode, again.all).toBe(0);
    expect(again.stdout).toMatch(/worker-1 : ok=\d+ changed=0/);
    expect(stored.workers.map(({ id }) => id).sort()).toEqual(before);

    // A changed setting restarts the launchers, one after the other, and each worker is drained before.
    await render('--stop-timeout', '60');
    const changed = await deploy();
    expect(changed.exitCode, changed.all).toBe(0);
    const drained = spacelift.bodies.filter((body) => body.includes('workerDrainSet'));
    expect(before.map((id) => drained.some((body) => body.includes(id)))).toEqual([true, true]);
    // The old ones are listed for some seconds more.
    const now = () => stored.workers.map((worker) => worker.drained);
    await expect.poll(now, { timeout: MINUTES }).toEqual([false, false]);
    expect(stored.workers.some(({ id }) => before.includes(id))).toBe(false);

    // Half of the hosts: what its own check finds.
    await hosts[1]?.booted.run(
      'sh',
      '-c',
      'echo offline >/opt/spacelift/offline; systemctl restart spacelift-launcher',
    );
    const half = await deploy();
    expect(half.exitCode, half.all).toBe(10);
    expect(half.stderr).toContain('worker-2: ');
  },
  15 * MINUTES,
);
