import { expect, test } from 'vitest';
import { COMMAND_IDS } from '../../../commands/oclif/command-map.ts';
import { correctWords, explainParseError } from '../../../commands/oclif/typos.ts';
import { UserError } from '../../../src/core/errors.ts';

const flags = {
  dir: { type: 'option', char: 'd' },
  target: { type: 'option' },
  label: { type: 'option', multiple: true },
  recycle: { type: 'boolean', allowNo: true },
  'api-key-secret-file': { type: 'option' },
};

/** What is said about a line that oclif's parser refuses. */
function explained(argv: readonly string[], fault: object, args: Readonly<Record<string, unknown>> = {}) {
  const error = explainParseError(Object.assign(new Error('x'), fault), { words: ['init'], argv, args, flags });
  if (!(error instanceof UserError)) throw error;
  return { message: error.message, suggestions: error.suggestions };
}

test.each([
  [['int', '--dir', 'a b'], "spacectl init --dir 'a b'"],
  [['keypare', 'genrate', '-d', 'x'], 'spacectl keypair generate -d x'],
  [['keypair:genrate', '--json'], 'spacectl keypair generate --json'],
  [['workerpol', 'wroker', 'lst', '--help'], 'spacectl workerpool worker list --help'],
  [['ca-bundel'], 'spacectl ca-bundle'],
])('every misspelt word of %j is corrected, and the rest of the line kept', (argv, line) => {
  expect(correctWords(argv, COMMAND_IDS)?.line).toBe(line);
});

test('a line with a password is not repeated, and words that are like none are left alone', () => {
  const argv = ['int', '--https-proxy', 'http://user:hush@proxy'];
  expect(correctWords(argv, COMMAND_IDS)).toEqual({ line: 'spacectl init', command: 'spacectl init' });
  expect(correctWords(['keypair', 'frobnicate'], COMMAND_IDS)).toBeUndefined();
});

test('a misspelt flag is corrected in its line, with its value', () => {
  const { message, suggestions } = explained(['a', '--taget=x', '--no-recyle'], {
    flags: ['--taget=x', '--no-recyle'],
  });
  expect(message).toBe(
    '"spacectl init" has none of the flags --taget, --no-recyle; did you mean --target, --no-recycle?',
  );
  expect(suggestions).toEqual([
    { command: 'spacectl init a --target=x --no-recycle' },
    { command: 'spacectl init --help' },
  ]);
});

test('the value of what is close to the flag of a secret is shown nowhere', () => {
  for (const argv of [
    ['--api-key-secret=hush', '-d', 'x'],
    ['--api-key-secret', 'hush', '-d', 'x'],
  ]) {
    const said = explained(argv, { flags: [argv[0]] });
    expect(said.suggestions[0]?.command).toBe('spacectl init --api-key-secret-file FILE -d x');
    expect(JSON.stringify(said)).not.toContain('hush');
  }
  const far = explained(['--password=hush'], { flags: ['--password=hush'] });
  expect(far).toEqual({
    message: '"spacectl init" has no flag --password',
    suggestions: [{ command: 'spacectl init --help' }],
  });
});

test('an argument where none belongs was probably the directory, unless that was given', () => {
  expect(explained(['pool', '--recycle'], { args: ['pool'] })).toEqual({
    message: '"spacectl init" takes no argument "pool"',
    suggestions: [{ command: 'spacectl init --recycle --dir pool' }, { command: 'spacectl init --help' }],
  });
  const help = [{ command: 'spacectl init --help' }];
  expect(explained(['pool', '-d', 'x'], { args: ['pool'] }).suggestions).toEqual(help);
  expect(explained(['a', 'b'], { args: ['b'] }, { dir: {} }).suggestions).toEqual(help);
});

test('any other error is passed on as it is', () => {
  const error = new Error('Flag --dir expects a value');
  expect(explainParseError(error, { words: [], argv: [], args: {}, flags })).toBe(error);
});

test.each([
  ['--taget', ['--target', 'ecs', '--taget', 'x'], undefined],
  ['--taget', ['--target=ecs', '--taget=x'], undefined],
  ['--dri', ['-d', 'a', '--dri', 'b'], undefined],
  ['--no-recyle', ['--recycle', '--no-recyle'], undefined],
  ['--taget', ['--dir', 'a', '--taget', 'x'], '--target'],
  ['--labl', ['--label', 'a', '--labl', 'b'], '--label'],
])('%s in %j is no other flag that is already given, unless that can be repeated', (flag, argv, meant) => {
  expect(explained(argv, { flags: [flag] }).message).toBe(
    `"spacectl init" has no flag ${flag}${meant ? `; did you mean ${meant}?` : ''}`,
  );
});
