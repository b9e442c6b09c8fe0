import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { renderRole } from '../services/ansible-role.ts';
import { environmentOf, PROGRAM } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** The command lines of the processes that run in a directory. */
async function programsIn(folder: string): Promise<string> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = ids.map(async (id) =>
    (await readlink(`/proc/${id}/cwd`).catch(() => '')) === folder ? readFile(`/proc/${id}/cmdline`, 'utf8') : '',
  );
  return (await Promise.all(lines.map((line) => line.catch(() => '')))).join('\n');
}

testWith(ROOT, 'ansible-playbook', 'openssl')(
  'after Ctrl-C, deploy waits until Ansible has stopped, says no more than that, and goes on when it is run again',
  async () => {
    const { dir, folder, password } = await renderRole(undefined);
    const home = await temporaryFolder();
    const at = (file: string) => path.join(home, file);
    const read = (file: string) => readFile(at(file), 'utf8').catch(() => '');
    const vars = { ansible_connection: 'local', ansible_become: false };
    await writeFile(path.join(folder, 'inventory.yml'), stringify({ spacelift_workers: { hosts: { one: {} }, vars } }));
    // What a host does when it is installed: something that takes a while, and then something else.
    const command = (script: string) => ({ 'ansible.builtin.command': { argv: ['sh', '-c', script] } });
    const first = command(
      `echo >>${at('started')}; until [ -e ${at('finish')} ]; do sleep 0.1; done; echo >>${at('done')}`,
    );
    const play = { hosts: 'spacelift_workers', gather_facts: false, tasks: [first, command(`echo >>${at('next')}`)] };
    await writeFile(path.join(folder, 'site.yml'), stringify([play]));
    const deploy = () => {
      const flags = ['--only', 'ansible', '--vault-password-file', password, '--yes', '--wait', '1'];
      const env = environmentOf({ HOME: home, LC_ALL: 'C.UTF-8' });
      const options = { reject: false, all: true, stdin: 'ignore', extendEnv: false, env } as const;
      return execa(process.execPath, [PROGRAM, 'deploy', dir, ...flags], options);
    };
    const running = deploy();
    await expect.poll(() => read('started'), { timeout: 60_000 }).not.toBe('');
    expect(await programsIn(folder)).toContain('ansible-playbook');
    running.kill('SIGINT');
    const stopped = await running;
    expect(stopped.exitCode, stopped.all).toBe(130);
    expect(stopped.stderr).toContain('Waiting for ansible-playbook to stop');
    expect(stopped.stderr).toContain('Interrupted: ansible-playbook was stopped before it was done');
    expect(stopped.stderr).not.toContain('half done');
    expect(await programsIn(folder)).not.toContain('ansible-playbook');

    await writeFile(at('finish'), '');
    // The command on the host was not stopped.
    await expect.poll(() => read('done')).toBe('\n');
    expect(await read('next')).toBe('');
    const again = await deploy();
    expect(again.exitCode, again.all).toBe(0);
    expect({ started: await read('started'), next: await read('next') }).toEqual({ started: '\n\n', next: '\n' });
  },
  120_000,
);
