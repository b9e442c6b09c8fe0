import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { BootedHost } from './host.ts';
import { environmentOf, PROGRAM } from './program.ts';
import { temporaryFolder } from './temporary.ts';

/** Runs one of Ansible's programs. */
export async function ansible(program: string, folder: string, ...args: readonly string[]) {
  const own = { ANSIBLE_LOCAL_TEMP: await temporaryFolder() };
  return execa(program, args, {
    cwd: folder,
    reject: false,
    env: { ANSIBLE_NOCOLOR: '1', ANSIBLE_LOCALHOST_WARNING: 'False', LC_ALL: 'C.UTF-8', ...own },
  });
}

/** Runs commands of a page on the control node. */
export async function sh(cwd: string, block: string, more: Readonly<Record<string, string>> = {}) {
  const bin = await temporaryFolder();
  await writeFile(path.join(bin, 'spacectl'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`, { mode: 0o755 });
  const own = {
    ANSIBLE_LOCAL_TEMP: await temporaryFolder(),
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_VAULT_PASSWORD_FILE: '../../vault-password',
    LC_ALL: 'C.UTF-8',
    ...more,
  };
  const env = { ...environmentOf(own), PATH: `${bin}:${process.env['PATH']}` };
  return execa('sh', ['-e', '-c', block], { cwd, reject: false, extendEnv: false, env });
}

/** Runs the playbook on a booted host, by Ansible's connection to change-rooted folders with another program in its place. */
export async function playOn(root: string, { enter }: BootedHost, folder: string, password: string) {
  const program = path.join(await temporaryFolder(), 'enter');
  await writeFile(program, `#!/bin/sh\nshift\nexec ${enter.join(' ')} "$@"\n`, { mode: 0o755 });
  const inventory = path.join(folder, 'test-inventory.yml');
  const connection = {
    ansible_connection: 'community.general.chroot',
    ansible_chroot_exe: program,
    ansible_user: 'root',
  };
  const host = {
    ...connection,
    ansible_host: root,
    ansible_python_interpreter: '/usr/bin/python3',
    ansible_become: false,
  };
  await writeFile(inventory, JSON.stringify({ spacelift_workers: { hosts: { worker: host } } }));
  const play = async (...args: readonly string[]) => {
    const run = await ansible(
      'ansible-playbook',
      folder,
      '-i',
      inventory,
      '--vault-password-file',
      password,
      'site.yml',
      ...args,
    );
    const recap = /^worker\s+: (.*)$/m.exec(run.stdout)?.[1];
    if (recap === undefined || run.exitCode !== 0) throw new Error(`${run.stdout}\n${run.stderr}`);
    return {
      stdout: run.stdout,
      recap: Object.fromEntries(
        recap
          .trim()
          .split(/\s+/)
          .map((each) => each.split('=')),
      ),
    };
  };
  return Object.assign(play, { host });
}
