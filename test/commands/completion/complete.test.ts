import { describe, expect, test } from 'vitest';
import { complete } from '../../../commands/completion/complete.ts';
import { EXTENSIONS } from '../../../commands/completion/files.ts';
import { describeProgram } from '../../../commands/index.ts';
import { HELP_PAGES } from '../../../commands/topics.ts';

const manifest = await describeProgram();
const COMMANDS = Object.entries(manifest.commands);

/** What is proposed for a line, whose last word is being typed. */
const proposed = (line: string) => complete(line.split(' '), manifest);

function valuesOf(line: string): readonly string[] {
  const proposal = proposed(line);
  return proposal.kind === 'values' ? proposal.values.map(([value]) => value) : [];
}

describe.each(COMMANDS)('%s', (id, { flags }) => {
  const words = id.split(':');

  test('each word of its name is proposed, with what it is', () => {
    for (const [depth, word] of words.entries()) {
      const proposal = complete([...words.slice(0, depth), ''], manifest);
      const [, about] = (proposal.kind === 'values' && proposal.values.find(([value]) => value === word)) || [];
      expect(about?.length).toBeGreaterThan(10);
    }
  });

  test('every flag is proposed, and one that was given only if it is repeatable', () => {
    const all = complete([...words, '--no'], manifest);
    const values = all.kind === 'values' ? all.values.map(([value]) => value) : [];
    const expected = flags.flatMap(({ name, isNegatable }) => [`--${name}`, ...(isNegatable ? [`--no-${name}`] : [])]);
    expect([...values].sort()).toEqual([...expected, '--help'].sort());
    for (const { name, value, isRepeated } of flags) {
      const given = valuesOf([...words, `--${name}`, ...(value ? ['x'] : []), '-'].join(' '));
      expect(given.includes(`--${name}`)).toBe(isRepeated);
    }
  });

  test('the values of every flag with choices are proposed, in both ways to write them', () => {
    for (const { name, choices } of flags) {
      if (!choices) continue;
      for (const line of [`--${name} `, `--${name}=`, `--${name} = `])
        expect(valuesOf(`${words.join(' ')} ${line}`)).toEqual(choices);
    }
  });
});

test.each([
  ['ca-bundle build --ca ', { kind: 'files', extensions: EXTENSIONS['ca'] }],
  ['ca-bundle build --ca=co', { kind: 'files', extensions: EXTENSIONS['ca'] }],
  ['ca-bundle build --output ', { kind: 'files', extensions: [] }],
  ['ca-bundle inspect ', { kind: 'files', extensions: [] }],
  ['ca-bundle diff old.crt ', { kind: 'files', extensions: [] }],
  ['ca-bundle diff old.crt new.crt ', { kind: 'values', values: [] }],
  ['render systemd --mount-path ', { kind: 'values', values: [] }],
  [
    'status --annotations ',
    {
      kind: 'values',
      values: [
        ['github', ''],
        ['gitlab', ''],
      ],
    },
  ],
  ['keypair encode -- ', { kind: 'files', extensions: [] }],
  ['keypair verify --dir ', { kind: 'directories' }],
  ['keypair verify -d ', { kind: 'directories' }],
  ['init ', { kind: 'directories' }],
  ['init my-pool ', { kind: 'values', values: [] }],
  ['profile select ', { kind: 'look-up', what: 'profiles', profile: undefined }],
  ['whoami --profile ', { kind: 'look-up', what: 'profiles', profile: undefined }],
  ['workerpool show --profile acme --pool-id ', { kind: 'look-up', what: 'pools', profile: 'acme' }],
  ['workerpool show --profile=acme --pool-id=', { kind: 'look-up', what: 'pools', profile: 'acme' }],
  ['render ecs --region ', { kind: 'look-up', what: 'AWS regions', profile: undefined }],
  ['render terraform --cloud aws --region=', { kind: 'look-up', what: 'AWS regions', profile: undefined }],
  ['render terraform --cloud gcp --region ', { kind: 'values', values: [] }],
  ['workerpool create --name ', { kind: 'values', values: [] }],
  ['frobnicate ', { kind: 'values', values: [] }],
])('"spacectl %s" is completed by what belongs there', (line, expected) => {
  expect(proposed(line)).toEqual(expected);
});

test('behind help there are commands, topics and pages', () => {
  expect(valuesOf('help ')).toEqual(expect.arrayContaining(['init', 'workerpool', ...Object.keys(HELP_PAGES)]));
  expect(valuesOf('help workerpool worker ')).toContain('drain');
});

test('every flag with extensions names a file', () => {
  const all = COMMANDS.flatMap(([, { flags }]) => flags);
  for (const name of Object.keys(EXTENSIONS)) {
    const placeholders = all.filter((flag) => flag.name === name).map(({ value }) => value);
    expect({ name, placeholders }).toMatchObject({
      placeholders: expect.arrayContaining([expect.stringMatching(/FILE/)]),
    });
  }
});
