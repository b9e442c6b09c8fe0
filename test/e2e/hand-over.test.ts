import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findSpacectls } from '../../src/spacelift/spacelift-cli.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

/** Creates a folder for the PATH with another program called spacectl. */
async function spaceliftCliIn(script: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'spacectl'), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, 'spacectl'), 0o755);
  return folder;
}

/** Creates a folder for the PATH with this program, as npm links it. */
async function oursIn(): Promise<string> {
  const folder = await temporaryFolder();
  await symlink(PROGRAM, path.join(folder, 'spacectl'));
  return folder;
}

const onPath = (...folders: readonly string[]) => [...folders, '/usr/bin', '/bin'].join(path.delimiter);

test('an unknown command is handed to Spacelift’s CLI unchanged: arguments, input, environment, exit code', async () => {
  const cli = await spaceliftCliIn(
    'for each; do printf "<%s>" "$each"; done; printf "$SPACELIFT_API_KEY_SECRET "; cat; exit 7',
  );
  const env = { PATH: onPath(await oursIn(), cli), SPACELIFT_API_KEY_SECRET: 'for-it' };
  const args = ['stack', 'deploy', '--id', 'a b', '--json', '', '*'];
  const { exitCode, stdout, stderr } = await spacectl(args, { env, input: 'typed', stdin: 'pipe' });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 7,
    stdout: '<stack><deploy><--id><a b><--json><><*>for-it typed',
    stderr: '',
  });
});

test('Spacelift’s CLI gets its own settings, but none of ours: they may be secrets', async () => {
  const cli = await spaceliftCliIn('env | grep -E "^SPACE(CTL|LIFT)_"');
  const its = { SPACECTL_BIND_PORT: '1', SPACECTL_NO_AUTO_LOGIN: '1', SPACELIFT_API_TOKEN: 'x' };
  const ours = { SPACECTL_API_KEY_SECRET: 'x', SPACECTL_TOKEN: 'x', SPACECTL_FROM: 'x', SPACELIFT_TOKEN: 'x' };
  const { stdout } = await spacectl(['stack', 'list'], { env: { PATH: onPath(cli), ...its, ...ours } });
  const names = String(stdout)
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(new Set(names)).toEqual(new Set([...Object.keys(its), 'SPACECTL_HANDED_OVER']));
});

test.each([[['workerpool', 'queue', 'list']], [['profile', 'usage-csv', '--help']], [['some-new-thing']]])(
  'so does %s, which is not ours',
  async (args) => {
    const env = { PATH: onPath(await spaceliftCliIn('echo "vendor $*"')) };
    expect((await spacectl(args, { env })).stdout).toBe(`vendor ${args.join(' ')}`);
  },
);

test.each([
  [['whoami', '--help'], 'USAGE'],
  [['workerpool'], 'workerpool create'],
  [['keypair:generate', '--help'], 'USAGE'],
  [['--help'], 'USAGE'],
])('what is ours stays with us: %s', async (args, expected) => {
  const env = { PATH: onPath(await spaceliftCliIn('echo vendor')) };
  expect((await spacectl(args, { env })).stdout).toContain(expected);
});

test.each([
  [['inti'], 'did you mean "spacectl init"'],
  [['workerpool', 'lst'], 'did you mean "spacectl workerpool list"'],
  [['workerpool', 'worker', 'drian'], 'did you mean "spacectl workerpool worker drain"'],
])('a mistyped command of ours is not handed over: %s', async (args, expected) => {
  const env = { PATH: onPath(await spaceliftCliIn('echo vendor')) };
  const { exitCode, stdout, stderr } = await spacectl(args, { env });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(expected) });
});

test('where it is not installed, the error says what it is and how to get it', async () => {
  const env = { PATH: onPath(await oursIn()) };
  const { exitCode, stderr } = await spacectl(['stack', 'list'], { env });
  expect(exitCode).toBe(69);
  expect(stderr).toContain("a command of Spacelift's own CLI, also called spacectl");
  expect(stderr).toContain('https://github.com/spacelift-io/spacectl/releases');
  expect((await spacectl(['frobnicate'], { env })).exitCode).toBe(2);
});

test('nothing is handed to ourselves: not through links, not to a copy, not through a script that leads back', async () => {
  const copy = await temporaryFolder();
  await mkdir(path.join(copy, 'dist'));
  await writeFile(path.join(copy, 'package.json'), await readFile('package.json'));
  await writeFile(path.join(copy, 'dist', 'spacectl'), '#!/bin/sh\necho copy\n', { mode: 0o755 });
  const wrapper = await spaceliftCliIn(`exec ${process.execPath} ${PROGRAM} "$@"`);
  const env = { PATH: onPath(await oursIn(), path.join(copy, 'dist'), wrapper) };
  const { exitCode, stderr } = await spacectl(['stack', 'list'], { env, timeout: 30_000 });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('is not on the PATH') });
  const behind = { PATH: onPath(wrapper, await spaceliftCliIn('echo vendor')) };
  expect((await spacectl(['stack', 'list'], { env: behind, timeout: 30_000 })).stdout).toBe('vendor');
  expect((await findSpacectls(env)).map(({ isOurs }) => isOurs)).toEqual([true, true, false]);
});

testWith('tmux')('Spacelift’s CLI gets the terminal and handles Ctrl-C itself', async () => {
  const cli = await spaceliftCliIn(
    'trap "echo; echo caught; exit 5" INT; test -t 0 && test -t 1 && echo at a terminal; while :; do sleep 0.1; done',
  );
  const cwd = await temporaryFolder();
  const command = ['env', `PATH=${onPath(cli)}`, process.execPath, PROGRAM, 'stack', 'logs'];
  const terminal = await openTerminal(command, { cwd });
  await terminal.waitFor('at a terminal');
  await terminal.press('C-c');
  await terminal.waitFor('caught');
  expect(await terminal.ended()).toBe(5);
});

testWith('tmux')('Ctrl-C reaches Spacelift’s CLI once, also when standard input is redirected', async () => {
  const folder = await temporaryFolder();
  const script = path.join(folder, 'count.mjs');
  await writeFile(
    script,
    `let count = 0;
process.on('SIGINT', () => { if (++count === 1) setTimeout(() => { console.log('counted', count); process.exit(5); }, 1000); });
setInterval(() => {}, 1000);
console.log('ready');`,
  );
  const cli = await spaceliftCliIn(`exec ${process.execPath} ${script}`);
  const program = `PATH=${onPath(cli)} exec ${process.execPath} ${PROGRAM} stack logs < /dev/null`;
  const terminal = await openTerminal(['sh', '-c', program], { cwd: folder });
  await terminal.waitFor('ready');
  await terminal.press('C-c');
  await terminal.waitFor('counted 1');
  expect(await terminal.ended()).toBe(5);
});

test('a signal sent to us alone is passed on', async () => {
  const cli = await spaceliftCliIn('trap "echo ended; exit 6" TERM; echo ready; while :; do sleep 0.05; done');
  const running = spacectl(['stack', 'logs'], { env: { PATH: onPath(cli) } });
  running.stdout?.once('data', () => running.kill('SIGTERM'));
  expect(await running).toMatchObject({ exitCode: 6, stdout: 'ready\nended' });
});
