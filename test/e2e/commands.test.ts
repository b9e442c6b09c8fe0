import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const COMMANDS = await loadAllCommands();

test('commands, arguments and flags do not change unnoticed', () => {
  const lines = Object.entries(COMMANDS).flatMap(([id, { flags, args = {}, baseFlags }]) => [
    id.replaceAll(':', ' '),
    ...Object.keys(args).map((name) => `  ${name.toUpperCase()}`),
    ...Object.keys({ ...baseFlags, ...flags })
      .sort()
      .map((name) => `  --${name}`),
  ]);
  expect(lines.join('\n')).toMatchSnapshot();
});

test.each(Object.entries(COMMANDS))('%s explains itself, with an example', async (id, { examples }) => {
  const { exitCode, stdout } = await spacectl([...id.split(':'), '--help']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('EXAMPLES');
  expect(stdout).toContain('--json');
  expect(examples?.length).toBeGreaterThan(0);
});

test.each([
  ['init', ['init'], 2, 'Missing --dir'],
  ['keypair generate', ['keypair', 'generate', '--bits', '2048'], 0, ''],
  ['keypair verify', ['keypair', 'verify'], 74, 'spacelift.key'],
  ['ca-bundle build', ['ca-bundle', 'build'], 2, 'Missing --ca'],
  ['render systemd', ['render', 'systemd'], 0, ''],
  ['render cloud-init', ['render', 'cloud-init'], 0, ''],
  ['render terraform', ['render', 'terraform'], 2, 'Missing --cloud'],
  ['ami check', ['ami', 'check'], 2, 'Missing IMAGE'],
  ['ami latest', ['ami', 'latest'], 2, 'Missing --region'],
  ['render ecs', ['render', 'ecs'], 2, 'spacectl keypair generate'],
  ['render ansible', ['render', 'ansible'], 0, ''],
  ['render docker', ['render', 'docker'], 0, ''],
])(
  '%s without a terminal and without flags does what it can, or says what is missing',
  async (_name, args, exitCode, message) => {
    const run = await spacectl(args, { cwd: await temporaryFolder(), env: { CI: 'true', SPACECTL_OFFLINE: 'true' } });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode });
    expect(run.stderr).toContain(message);
  },
);

test.each([
  [['help', 'keypair', 'generate'], 'spacelift.key'],
  [['help'], 'START HERE'],
  [['version'], 'spacectl/'],
  [['-v'], 'spacectl/'],
  [['-V'], 'spacectl/'],
  [['-h'], 'START HERE'],
  [[], 'START HERE'],
  [['workerpool'], '  workerpool worker'],
  [['help', 'workerpool', 'worker'], 'workerpool worker drain'],
  [['--version', '--json'], '"version": '],
  [['render', 'systemd', '-h'], '--hardening'],
  [['render', 'systemd', '--help', '--all'], 'SPACECTL_HARDENING'],
  [['help', '--all', 'render', 'systemd'], 'SPACECTL_HARDENING'],
  [['help', 'environment'], 'SPACECTL_HARDENING'],
  [['help', 'exit-codes'], 'SPACECTL_WOULD_OVERWRITE'],
  [['help', 'spacectl.yaml'], 'hardening'],
])('help and the version are shown for: %s', async (args, shown) => {
  const { exitCode, stdout } = await spacectl(args);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(shown) });
});

test.each([
  ['an unknown command', ['frobnicate'], 'frobnicate'],
  ['an unknown flag', ['init', '--frobnicate'], '--frobnicate'],
  ['a flag before any command', ['--frob'], '"spacectl" has no flag --frob'],
  ['a flag before the command', ['--quiet', 'init'], '"spacectl" has no flag --quiet'],
  ['a flag of a topic', ['workerpool', 'worker', '-x'], '"spacectl workerpool worker" has no flag -x'],
  ['an argument too many', ['whoami', 'me'], 'takes no argument "me"'],
  ['a flag without its value', ['keypair', 'generate', '--bits'], '--bits'],
  ['a bad value', ['keypair', 'generate', '--bits', '1'], '"1" is not a multiple'],
])('%s is a usage error: exit code 2, in words and as one JSON document', async (_name, args, message) => {
  const plain = await spacectl(args);
  expect(plain.exitCode).toBe(2);
  expect(plain.stderr).toContain(message);
  expect(plain.stdout).toBe('');
  const json = await spacectl([...args, '--json']);
  expect(json.exitCode).toBe(2);
  expect(Object.keys(JSON.parse(String(json.stdout)).error)).toEqual(['code', 'message', 'suggestions']);
});

test.each([[['--json']], [['keypair', '--json']]])(
  '%s alone is not a command: one JSON document, exit code 2',
  async (args) => {
    const { exitCode, stdout, stderr } = await spacectl(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(JSON.parse(String(stdout)).error.message).toContain('has no flag --json');
  },
);

test('--help after -- is an argument, not a request for help', async () => {
  const { exitCode, stderr } = await spacectl(['keypair', 'encode', '--', '-h']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 74, stderr: expect.stringContaining('Cannot read -h') });
});

test('a closed standard input or output is not reported as a bug', async () => {
  const run = await spacectl(['keypair', 'generate', '--help'], { stdout: 'ignore' });
  expect(run.exitCode).toBe(0);
});
