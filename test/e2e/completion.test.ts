import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { homeWith } from '../services/login-files.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { placeFor, type ShellPlace } from '../services/shells.ts';
import { sliceOf } from '../services/slice.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { openTerminal } from '../services/terminal.ts';

/** Lines, and what a shell completes their last word to, in any order. */
const LINES: readonly (readonly [line: string, completed: readonly string[]])[] = [
  ['spacectl ca-b', ['ca-bundle']],
  ['spacectl ca-bundle ', ['build', 'check', 'diff', 'inspect', 'probe']],
  ['spacectl workerpool worker dr', ['drain']],
  ['spacectl help exit', ['exit-codes']],
  ['spacectl status --of', ['--offline']],
  ['spacectl init --target sy', ['systemd']],
  ['spacectl init --target terraform-', ['terraform-aws', 'terraform-azure', 'terraform-gcp']],
  ['spacectl ca-bundle build --ca ', ['certificates', 'corp.pem', 'second root.pem']],
  ['spacectl ca-bundle build --ca no', ['notes.txt']],
  ['spacectl ca-bundle inspect n', ['notes.txt']],
  ['spacectl keypair verify --dir ', ['certificates']],
  ['spacectl ami latest --region eu-west-', ['eu-west-1', 'eu-west-2', 'eu-west-3']],
  ['spacectl frobnicate ', []],
];

/** Completes a line in fish, as `complete -C` does. */
async function inFish({ cwd, env, script }: ShellPlace, line: string): Promise<readonly string[]> {
  const { stdout } = await execa('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line], {
    cwd,
    env,
  });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((each) => each.replace(/\t.*|\/$/g, ''));
}

/** Completes a line in bash, which splits it at spaces and `=`. */
async function inBash({ cwd, env, script }: ShellPlace, line: string): Promise<readonly string[]> {
  const words = line.split(/(=)|\s/).filter((each) => each !== undefined);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
  const drive = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spacectl; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout } = await execa('bash', ['--norc', '-c', drive, script, ...words], { cwd, env });
  return stdout.split('\n').filter(Boolean);
}

describe.each([
  // fish compares with the whole word, where bash has cut off the flag.
  ['fish', inFish, (flag: string) => flag],
  ['bash', inBash, () => ''],
] as const)('%s', (shell, completeIn, start) => {
  testWith(shell).each(sliceOf(LINES, 3))('"%s" is completed', async (line, completed) => {
    expect([...(await completeIn(await placeFor(shell), line))].sort()).toEqual([...completed].sort());
  });

  testWith(shell).each([
    ['spacectl init --target=sy', '--target=', 'systemd'],
    ['spacectl ca-bundle build --ca=co', '--ca=', 'corp.pem'],
  ])('the value in "%s" is completed', async (line, flag, value) => {
    expect(await completeIn(await placeFor(shell), line)).toEqual([`${start(flag)}${value}`]);
  });
});

testWith('fish')('fish says what each word is', async () => {
  const { cwd, env, script } = await placeFor('fish');
  const { stdout } = await execa(
    'fish',
    ['--no-config', '-c', 'source $argv[1]; complete -C "spacectl stat"', script],
    { cwd, env },
  );
  expect(stdout).toMatch(/^status\tShow where/);
});

const ON_TERMINAL = [
  ['bash', ['bash', '--norc', '-i'], (script: string) => `PS1='$ '; source ${script}`],
  [
    'bash with bash-completion',
    ['bash', '--norc', '-i'],
    (script: string) => `PS1='$ '; . /usr/share/bash-completion/bash_completion; source ${script}`,
  ],
  [
    'zsh that sources it',
    ['zsh', '-f', '-i'],
    (script: string) => `PS1='$ '; autoload -U compinit; compinit -u -D; source ${script}`,
  ],
  [
    'zsh that finds it',
    ['zsh', '-f', '-i'],
    (script: string) =>
      `PS1='$ '; fpath=(${script.replace(/\/[^/]*$/, '')} $fpath); autoload -U compinit; compinit -u -D`,
  ],
  ['fish', ['fish', '--no-config', '-i'], (script: string) => `source ${script}`],
] as const;

testWith('bash', 'zsh', 'fish', 'tmux').each(ON_TERMINAL)('Tab completes in %s', async (_title, command, prepare) => {
  const { cwd, env, script } = await placeFor(command[0]);
  const terminal = await openTerminal(command, { cwd, env });
  // A terminal's shell may have started with another PATH.
  await terminal.enter(`export PATH='${env['PATH']}'; ${prepare(script)}; echo ready''now`);
  await terminal.waitFor('readynow');
  for (const [typed, completed] of [
    ['spacectl ca-b', 'spacectl ca-bundle '],
    ['b', 'spacectl ca-bundle build '],
    [' --all-p', '--all-paths '],
    [' --platform x --ca co', '--ca corp.pem '],
    [' --ca=sec', '--ca=second\\ root.pem'],
  ] as const) {
    await terminal.type(typed);
    await terminal.press('Tab');
    await terminal.waitFor(completed.trimEnd());
  }
});

test('pools are proposed by their IDs, and asked for once a minute', async () => {
  const server = await startSpacelift();
  const [one, other] = [server.addPool({ name: 'build-eu' }), server.addPool({ name: 'build-us' })];
  const env = { ...server.environment, XDG_CACHE_HOME: (await placeFor('bash')).cwd };
  const ask = () => spacectl(['__complete', 'zsh', 'workerpool', 'show', '--pool-id', ''], { env });
  const first = await ask();
  expect(String(first.stdout).split('\n').sort()).toEqual(
    [`${one.id}\tbuild-eu`, `${other.id}\tbuild-us`, 'values'].sort(),
  );
  const asked = server.headers.length;
  expect((await ask()).stdout).toBe(first.stdout);
  expect(server.headers.length).toBe(asked);
  await rm(env.XDG_CACHE_HOME, { recursive: true });
  expect((await ask()).stdout).toBe(first.stdout);
  expect(server.headers.length).toBeGreaterThan(asked);
});

test('where the account cannot be asked, nothing is proposed and nothing said', async () => {
  const env = {
    SPACELIFT_API_KEY_ENDPOINT: 'http://127.0.0.1:9',
    SPACELIFT_API_KEY_ID: 'x',
    SPACELIFT_API_KEY_SECRET: 'y',
  };
  const run = await spacectl(['__complete', 'zsh', 'workerpool', 'show', '--pool-id', ''], { env });
  expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
});

test('profiles are proposed by their aliases, with their accounts', async () => {
  const endpoint = 'https://acme.app.spacelift.io';
  const credentials = { endpoint, type: 1, key_id: 'x', key_secret: 'a-secret' };
  const config = { currentProfileAlias: 'acme', profiles: { acme: { alias: 'acme', credentials } } };
  const env = { SPACELIFT_CONFIG_DIR: await homeWith({ 'config.json': config }) };
  const run = await spacectl(['__complete', 'bash', 'profile', 'select', ''], { env });
  expect(run).toMatchObject({ exitCode: 0, stdout: `values\nacme\t${endpoint}`, stderr: '' });
});
