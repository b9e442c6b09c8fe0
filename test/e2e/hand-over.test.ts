import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findSpacectls } from '../../src/spacelift/index.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { binaryIn, oursIn, pathOf, scriptIn, shimIn } from '../services/spacelift-cli.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

test('An unknown command is passed to Spacelift’s CLI with its arguments, input, environment and exit code', async () => {
  const cli = await shimIn(
    'for each; do printf "<%s>" "$each"; done; printf "$SPACELIFT_API_KEY_SECRET "; cat; exit 7',
  );
  const env = { PATH: pathOf(await oursIn(), cli), SPACELIFT_API_KEY_SECRET: 'for-it' };
  const args = ['stack', 'deploy', '--id', 'a b', '--json', '', '*'];
  const { exitCode, stdout, stderr } = await spacectl(args, { env, input: 'typed', stdin: 'pipe' });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 7,
    stdout: '<stack><deploy><--id><a b><--json><><*>for-it typed',
    stderr: '',
  });
});

test('Spacelift’s CLI gets its own variables and none of ours, which may be secrets', async () => {
  const cli = await shimIn('env | grep -E "^SPACE(CTL|LIFT)_"');
  const its = { SPACECTL_BIND_PORT: '1', SPACECTL_NO_BROWSER: '1', SPACELIFT_API_TOKEN: 'x' };
  const ours = { SPACECTL_API_KEY_SECRET: 'x', SPACECTL_TOKEN: 'x', SPACECTL_FROM: 'x', SPACELIFT_TOKEN: 'x' };
  const { stdout } = await spacectl(['stack', 'list'], { env: { PATH: pathOf(cli), ...its, ...ours } });
  const names = String(stdout)
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(new Set(names)).toEqual(new Set([...Object.keys(its), 'SPACECTL_HANDED_OVER']));
});

test('A command that neither program is known to have is passed to Spacelift’s CLI', async () => {
  const env = { PATH: pathOf(await shimIn('echo "vendor $*"')) };
  expect((await spacectl(['some-new-thing', '--x'], { env })).stdout).toBe('vendor some-new-thing --x');
});

testWith('go')(
  'An unknown word in one of our topics is not passed on, and the error names Spacelift’s CLI by its path',
  async () => {
    const cli = await binaryIn();
    for (const args of [
      ['workerpool', 'queue', 'list'],
      ['profile', 'usage-csv'],
      ['keypair', 'frobnicate'],
    ]) {
      const [topic, word] = args;
      const { exitCode, stdout, stderr } = await spacectl(args, { env: { PATH: pathOf(cli) } });
      expect({ exitCode, stdout }, args.join(' ')).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`"spacectl ${topic} ${word}" is not a command`);
      expect(stderr).toContain(`spacectl ${topic} --help`);
      expect(stderr).toContain(`${cli}/spacectl ${topic} ${word}`);
    }
  },
);

test.each([
  [['whoami', '--help'], 'USAGE'],
  [['workerpool'], 'workerpool create'],
  [['keypair:generate', '--help'], 'USAGE'],
  [['--help'], 'USAGE'],
])('A command, topic or help page of ours is not passed on: %s', async (args, expected) => {
  const env = { PATH: pathOf(await shimIn('echo vendor')) };
  expect((await spacectl(args, { env })).stdout).toContain(expected);
});

test.each([
  [['inti'], 'did you mean "spacectl init"'],
  [['workerpool', 'lst'], 'did you mean "spacectl workerpool list"'],
  [['workerpool', 'worker', 'drian'], 'did you mean "spacectl workerpool worker drain"'],
])('A mistyped command of ours is not passed on: %s', async (args, expected) => {
  const env = { PATH: pathOf(await shimIn('echo vendor')) };
  const { exitCode, stdout, stderr } = await spacectl(args, { env });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(expected) });
});

test('Where Spacelift’s CLI is not installed, the error says what it is and how to get it', async () => {
  const env = { PATH: pathOf(await oursIn()) };
  const { exitCode, stderr } = await spacectl(['stack', 'list'], { env });
  expect(exitCode).toBe(69);
  expect(stderr).toContain("a command of Spacelift's own CLI, also called spacectl");
  expect(stderr).toContain('https://github.com/spacelift-io/spacectl/releases');
  expect((await spacectl(['frobnicate'], { env })).exitCode).toBe(2);
});

test('A command is never passed to this program: not by a link, a copy or a script that starts it', async () => {
  const copy = await temporaryFolder();
  await mkdir(path.join(copy, 'dist'));
  await writeFile(path.join(copy, 'package.json'), await readFile('package.json'));
  await writeFile(path.join(copy, 'dist', 'spacectl'), '#!/bin/sh\necho copy\n', { mode: 0o755 });
  const wrapper = await scriptIn(`exec ${process.execPath} ${PROGRAM} "$@"`);
  const env = { PATH: pathOf(await oursIn(), path.join(copy, 'dist'), wrapper) };
  const { exitCode, stderr } = await spacectl(['stack', 'list'], { env, timeout: 30_000 });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('is not on the PATH') });
  const behind = { PATH: pathOf(wrapper, await shimIn('echo vendor')) };
  expect((await spacectl(['stack', 'list'], { env: behind, timeout: 30_000 })).stdout).toBe('vendor');
  expect((await findSpacectls(env)).map(({ kind }) => kind)).toEqual(['ours', 'ours', 'other']);
});

/** Wrappers that lead back to this program, and how often they start it at most. */
const LOOPS: readonly (readonly [string, (program: string, path: string) => string])[] = [
  ['clears the environment', (program, path) => `exec env -i PATH="${path}" ${program} "$@"`],
  ['clears it, and waits', (program, path) => `env -i PATH="${path}" ${program} "$@"; exit $?`],
  ['ignores its arguments', (program, path) => `exec env -i PATH="${path}" ${program} stack list`],
  [
    'says that it is Spacelift’s CLI',
    (program, path) =>
      `[ "$1" = --version ] && { echo "spacectl version 1.22.0"; exit; }; env -i PATH="${path}" ${program} "$@"; exit $?`,
  ],
  [
    'says so and is started by another shell',
    (program, path) =>
      `[ "$1" = --version ] && { echo "spacectl version 1.22.0"; exit; }; sh -c 'cd / && env -i PATH="${path}" ${program} "$@"' sh "$@"; exit $?`,
  ],
];

test.each(LOOPS)('A wrapper that starts this program never makes a loop, even if it %s', async (_, script) => {
  const folder = await temporaryFolder();
  const count = path.join(folder, 'count');
  // Where a loop would be made after all, it ends by itself.
  const line = `echo started >> ${count}; [ "$(wc -l < ${count})" -gt 9 ] && exit; ${script(`${process.execPath} ${PROGRAM}`, pathOf(folder))}`;
  await writeFile(path.join(folder, 'spacectl'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  const { exitCode, stderr } = await spacectl(['stack', 'list'], { env: { PATH: pathOf(folder) }, timeout: 30_000 });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('is not on the PATH') });
  expect((await readFile(count, 'utf8')).split('\n').length - 1).toBeLessThanOrEqual(2);
});

test.each([
  ['prints something else', 'echo a tool of our own'],
  ['prints the version of something else', 'echo "spacectl-wrapper version 2"'],
  ['fails', 'exit 3'],
])('A script called spacectl is not taken for Spacelift’s CLI if it %s', async (_, script) => {
  const own = await scriptIn(`for each; do [ "$each" = list ] && echo it got the command; done; ${script}`);
  const { exitCode, stdout, stderr } = await spacectl(['stack', 'list'], { env: { PATH: pathOf(own) } });
  expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' });
  expect(stderr).toContain('is not on the PATH');
});

test('A script that is asked for its version gets no credentials', async () => {
  const log = path.join(await temporaryFolder(), 'log');
  const own = await scriptIn(`env > ${log}`);
  const secrets = {
    SPACELIFT_API_KEY_SECRET: 'hush-1',
    SPACECTL_API_KEY_SECRET: 'hush-2',
    SPACELIFT_API_TOKEN: 'hush-3',
  };
  await spacectl(['stack', 'list'], { env: { PATH: pathOf(own), ...secrets } });
  const seen = await readFile(log, 'utf8');
  expect(seen).toContain('SPACELIFT_CONFIG_DIR=/dev/null');
  expect(seen).not.toContain('hush');
});

testWith('go')(
  'The binary of Spacelift’s CLI is recognized by its build information, also behind other scripts on the PATH',
  async () => {
    const [script, cli] = [await scriptIn('exit 1'), await binaryIn()];
    const env = { PATH: pathOf(script, cli) };
    expect((await findSpacectls(env)).map(({ kind }) => kind)).toEqual(['other', 'spacelift']);
    expect((await spacectl(['stack', 'list'], { env })).stdout).toBe("Spacelift's CLI: [stack list]");
    // It never leads back to us, so that it is used also by what this program has started.
    const nested = { ...env, SPACECTL_HANDED_OVER: '1' };
    expect((await spacectl(['stack', 'list'], { env: nested })).stdout).toBe("Spacelift's CLI: [stack list]");
  },
);

testWith('tmux')('Spacelift’s CLI gets the terminal and handles Ctrl-C itself', async () => {
  const cli = await shimIn(
    'trap "echo; echo caught; exit 5" INT; test -t 0 && test -t 1 && echo at a terminal; while :; do sleep 0.1; done',
  );
  const cwd = await temporaryFolder();
  const command = ['env', `PATH=${pathOf(cli)}`, process.execPath, PROGRAM, 'stack', 'logs'];
  const terminal = await openTerminal(command, { cwd });
  await terminal.waitFor('at a terminal');
  await terminal.press('C-c');
  await terminal.waitFor('caught');
  expect(await terminal.ended()).toBe(5);
});

testWith('tmux')('Ctrl-C reaches Spacelift’s CLI once, also if standard input is redirected', async () => {
  const folder = await temporaryFolder();
  const script = path.join(folder, 'count.mjs');
  await writeFile(
    script,
    `let count = 0;
process.on('SIGINT', () => { if (++count === 1) setTimeout(() => { console.log('counted', count); process.exit(5); }, 1000); });
setInterval(() => {}, 1000);
console.log('ready');`,
  );
  const cli = await shimIn(`exec ${process.execPath} ${script}`);
  const program = `PATH=${pathOf(cli)} exec ${process.execPath} ${PROGRAM} stack logs < /dev/null`;
  const terminal = await openTerminal(['sh', '-c', program], { cwd: folder });
  await terminal.waitFor('ready');
  await terminal.press('C-c');
  await terminal.waitFor('counted 1');
  expect(await terminal.ended()).toBe(5);
});

test('A signal that is sent to this program alone is passed to Spacelift’s CLI', async () => {
  const cli = await shimIn('trap "echo ended; exit 6" TERM; echo ready; while :; do sleep 0.05; done');
  const running = spacectl(['stack', 'logs'], { env: { PATH: pathOf(cli) } });
  running.stdout?.once('data', () => running.kill('SIGTERM'));
  expect(await running).toMatchObject({ exitCode: 6, stdout: 'ready\nended' });
});
