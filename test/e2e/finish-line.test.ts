import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { createLab, LAB_NEEDS } from '../services/ssh-lab.ts';
import { openTerminal, type Terminal } from '../services/terminal.ts';
import { QUESTIONS } from '../services/wizard.ts';

const MINUTES = 60_000;

// Minutes, and figures rather than rules: `npm run hosts` prints them.
const whole = process.env['TEST_WHOLE'] ? testWith(...LAB_NEEDS, 'ansible-playbook', 'tmux') : test.skip;

whole(
  'two commands lead from an empty directory to workers on two hosts over SSH',
  async () => {
    const { run, at, config, workers } = await createLab(['worker-1', 'worker-2']);
    const dir = at('finish');
    const start = performance.now();
    const made = await run('init', dir, '--no-input', '--pool', 'create', '--name', 'finish', '--target', 'systemd');
    expect(made.exitCode, made.all).toBe(0);
    const between = performance.now();
    const ssh = ['--ssh-config', config, '--ssh', 'worker-1', '--ssh', 'worker-2'];
    const deployed = await run('deploy', dir, ...ssh, '--yes');
    expect(deployed.exitCode, deployed.all).toBe(0);
    expect(workers()).toHaveLength(2);
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
    console.log(
      `SSH: init ${seconds(start, between)} s, deploy ${seconds(between, performance.now())} s, two hosts, two commands`,
    );
  },
  6 * MINUTES,
);

whole(
  'the wizard leads from an empty directory to workers on two hosts with Ansible',
  async () => {
    const { at, config, enter, spacelift, workers } = await createLab(['worker-1', 'worker-2']);
    const cwd = at('home');
    await mkdir(cwd);
    await writeFile(at('vault-password'), 'correct horse battery staple\n');
    const env = {
      ...spacelift.environment,
      HOME: cwd,
      SPACECTL_VAULT_PASSWORD_FILE: at('vault-password'),
      ANSIBLE_HOME: at('a'),
      ANSIBLE_SSH_COMMON_ARGS: `-F ${config}`,
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    };
    const start = performance.now();
    const terminal = await openTerminal([...enter, process.execPath, PROGRAM, 'init'], { cwd, env });
    let [keys, prompts] = [0, 0];
    const press = async (...some: readonly string[]) => {
      await terminal.press(...some);
      keys += some.length;
    };
    const questions = [
      [QUESTIONS.folder, []],
      [QUESTIONS.goal, ['Down']],
      ['Where does the worker pool come from?', []],
      ['Name of the worker pool', [...'finish']],
      [QUESTIONS.ca, []],
    ] as const;
    for (const [question, typed] of questions) {
      await terminal.waitFor(question);
      await press(...typed, 'Enter');
      prompts++;
    }
    // The marker is on the line that still wants an answer: the hosts.
    await terminal.waitFor(QUESTIONS.review);
    await press('Right');
    await terminal.waitFor(/^[?] /m);
    await press(...'worker-1,worker-2', 'Enter');
    prompts++;
    expect(await terminal.waitFor(QUESTIONS.review)).toContain('d also deploys');
    const asked = performance.now();
    await press('d');
    await waitLong(terminal, 'Do this now?');
    await press('y', 'Enter');
    prompts++;
    const screen = await waitLong(terminal, /\[ended with \d+\]/);
    const end = performance.now();
    expect(screen).toContain('finish has 2 workers');
    expect(await terminal.ended()).toBe(0);
    expect(workers()).toHaveLength(2);
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
    console.log(
      `Ansible: ${seconds(start, end)} s, of them ${seconds(start, asked)} s until the review; ${prompts} prompts, ${keys} keys`,
    );
  },
  10 * MINUTES,
);

/** Waits for what takes minutes. */
async function waitLong(terminal: Terminal, expected: string | RegExp): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await terminal.waitFor(expected);
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
