import { expect, test } from 'vitest';
import { setupDirectory } from '../../src/setup/directory.ts';
import { ask } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { choice, choices, type Inputs, text } from '../../src/step/input.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;
const clouds = [
  { value: 'terraform-aws' },
  { value: 'terraform-gcp' },
  { value: 'ecs' },
  { value: 'ansible' },
] as const;
const shells = [{ value: 'bash' }, { value: 'zsh' }] as const;

const name = text({ summary: 'Name', section: 'pool', parse });
const unfiled = text({ summary: 'ID', parse });
const cloud = choice({ summary: 'Cloud', section: 'hosts', choices: clouds });
const alias = text({ summary: 'Alias', positional: true, parse });
const shell = choice({ summary: 'Shell', positional: true, choices: shells });
const dir = { ...setupDirectory, default: undefined };

const TERMINAL = 'or run in a terminal to be asked';

test.each([
  [{ name }, 'Missing --name', [`Pass it as a flag, as a SPACECTL_* variable or in spacectl.yaml, ${TERMINAL}`]],
  [{ unfiled }, 'Missing --unfiled', [`Pass it as a flag or as a SPACECTL_* variable, ${TERMINAL}`]],
  [
    { name, cloud },
    'Missing --name, --cloud',
    [
      `Pass them as flags, as SPACECTL_* variables or in spacectl.yaml, ${TERMINAL}`,
      '--cloud is one of terraform-aws, terraform-gcp, ecs, ansible',
    ],
  ],
  [{ alias }, 'Missing ALIAS', [`Pass ALIAS as an argument, ${TERMINAL}`]],
  [{ shell }, 'Missing SHELL', [`Pass SHELL as an argument: bash, zsh, ${TERMINAL}`]],
  [{ dir }, 'Missing --dir', [`Pass the value of --dir as an argument, such as worker-pool, ${TERMINAL}`]],
  [
    { alias, unfiled },
    'Missing ALIAS, --unfiled',
    ['Pass ALIAS as an argument', `Pass it as a flag or as a SPACECTL_* variable, ${TERMINAL}`],
  ],
])('%j: what is missing is named with the ways that exist for it', async (inputs, message, suggestions) => {
  await expect(ask(inputs as unknown as Inputs, nothing)).rejects.toMatchObject({
    code: 'SPACECTL_MISSING_INPUT',
    message,
    suggestions: suggestions.map((each) => ({ text: each })),
  });
});

test.each([
  ['aws', '"terraform-aws"'],
  ['GCP', '"terraform-gcp"'],
  ['terraform', '"terraform-aws" or "terraform-gcp"'],
  ['ec', '"ecs"'],
  ['kubernetes', undefined],
])('"%s" is not a choice, and %s was probably meant', (typed, meant) => {
  const all = clouds.map(({ value }) => value).join(', ');
  for (const parsed of [cloud, choices({ summary: 'Clouds', choices: clouds })]) {
    expect(() => parsed.parse([typed], {})).toThrow(
      expect.objectContaining({
        message: `"${typed}" is not one of ${all}${meant ? `; did you mean ${meant}?` : ''}`,
      }),
    );
  }
});

test('Choices that are joined by commas are told apart', () => {
  const parsed = choices({ summary: 'Clouds', choices: clouds });
  expect(() => parsed.parse(['ecs, ansible'], {})).toThrow(
    expect.objectContaining({
      message: '"ecs, ansible" is several values in one',
      suggestions: [{ text: 'Pass each value by itself, and repeat the flag: "ecs", "ansible"' }],
    }),
  );
  expect(() => parsed.parse(['ecs,other'], {})).toThrow('is not one of');
});
