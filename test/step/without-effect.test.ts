import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { type Suggestion, suggestionLine } from '../../src/core/suggestion.ts';
import { ask } from '../../src/step/ask.ts';
import { flagName } from '../../src/step/given.ts';
import { choice, choices, type Inputs, list, onlyWhen, optionalText, text, yesNo } from '../../src/step/input.ts';
import { inTurn } from '../services/prompter.ts';
import { temporaryFolder } from '../services/temporary.ts';

const parse = (value: string) => value;
type Signs = { readonly source: string; readonly ca: readonly Suggestion[] };
const inputs: Inputs = {
  offline: yesNo({ summary: 'Offline' }),
  source: choice({
    summary: 'Source',
    choices: ['auto', 'file', 'built-in'].map((value) => ({ value })),
    default: (values: { offline: boolean }) => (values.offline ? 'built-in' : 'auto'),
  }),
  ca: list({ summary: 'CA', parse }),
  image: onlyWhen(
    ({ source, ca }: Signs) => source !== 'built-in' && ca.length > 0,
    optionalText({ summary: 'Image', parse }),
  ),
  pool: onlyWhen(
    ({ offline }: { offline: boolean }) => !offline,
    choice({ summary: 'Pool', choices: [{ value: 'create' }, { value: 'token' }], default: 'token' }),
  ),
  name: onlyWhen(
    ({ pool }: { pool: string | undefined }) => pool === 'create',
    optionalText({ summary: 'Name', parse }),
  ),
  target: choices({
    summary: 'Target',
    choices: [{ value: 'aws' }, { value: 'gcp' }, { value: 'unit' }],
    default: ['unit'],
  }),
  zone: onlyWhen(
    ({ target }: { target: readonly string[] }) => target.includes('gcp'),
    optionalText({ summary: 'Zone', parse }),
  ),
  'aws/region': onlyWhen(
    ({ target }: { target: readonly string[] }) => target.includes('aws'),
    optionalText({ summary: 'Region', parse }),
  ),
  'gcp/region': onlyWhen(
    ({ target }: { target: readonly string[] }) => target.includes('gcp'),
    optionalText({ summary: 'Region', parse }),
  ),
  id: optionalText({ summary: 'ID', parse }),
  fresh: onlyWhen(
    ({ id }: { id: string | undefined }) => id === undefined,
    text({ summary: 'Fresh', default: 'a', parse }),
  ),
};

async function refusal(flags: Record<string, readonly string[]>) {
  const given = { flags, environment: {}, answersFile: {} };
  const error = await ask(inputs, given).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'SPACECTL_BAD_INPUT' });
  const { message, suggestions } = error as { message: string; suggestions: readonly Suggestion[] };
  return [message, ...suggestions.map(suggestionLine)];
}

test.each<[string, Record<string, readonly string[]>, readonly string[]]>([
  [
    'the flag that takes its effect',
    { offline: ['true'], pool: ['create'] },
    ['--pool has no effect with --offline', 'Omit --pool', 'Or omit --offline'],
  ],
  [
    'what made a default so',
    { offline: ['true'], ca: ['a'], image: ['x'] },
    [
      '--image has no effect with --source built-in (the default with --offline)',
      'Omit --image',
      'Or pass --source auto',
      'Or pass --source file',
    ],
  ],
  [
    'a flag that is lacking',
    { image: ['x'] },
    ['--image has no effect without --ca', 'Omit --image', 'Or pass --ca VALUE'],
  ],
  [
    'all that it depends on, if no one of them is enough',
    { offline: ['true'], image: ['x'] },
    ['--image has no effect with --source built-in (the default with --offline) and without --ca', 'Omit --image'],
  ],
  [
    'what takes the effect of that on which it depends',
    { offline: ['true'], name: ['x'] },
    ['--name has no effect with --offline', 'Omit --name', 'Or omit --offline'],
  ],
  [
    'several flags of one reason together',
    { name: ['x'], zone: ['a'], region: ['b'] },
    [
      '--name has no effect with --pool token (the default); --zone and --region have no effect with --target unit (the default)',
      'Omit --name, --zone and --region',
      'Or pass --pool create',
      'Or pass --target gcp',
      'Or pass --target aws',
    ],
  ],
  [
    'a value that excludes it',
    { id: ['1'], fresh: ['b'] },
    ['--fresh has no effect with --id 1', 'Omit --fresh', 'Or omit --id'],
  ],
])('a flag without effect is refused with %s', async (_case, flags, expected) => {
  expect(await refusal(flags)).toEqual(expected);
});

test('every flag of init and of the render commands that is refused is refused with a reason', async () => {
  const commands = Object.entries(await loadAllCommands()).filter(([id]) => id === 'init' || id.startsWith('render'));
  const refused: string[] = [];
  for (const [id, { inputs: asked }] of commands)
    for (const [name, input] of Object.entries(asked)) {
      if (!input.when) continue;
      const flag = flagName(name, input);
      const value = input.kind === 'boolean' ? 'true' : (input.choices?.at(-1)?.value ?? 'x');
      const flags = {
        dir: [await temporaryFolder()],
        ...(id === 'render:terraform' && { cloud: ['aws'] }),
        [flag]: [value],
      };
      const error = await ask(asked, { flags, environment: {}, answersFile: {} }).catch((caught: unknown) => caught);
      if (!(error instanceof Error) || !error.message.includes('no effect')) continue;
      refused.push(flag);
      expect(error.message).toMatch(new RegExp(`^--${flag} has no effect with(?:out)? --`));
    }
  expect(refused.length).toBeGreaterThan(40);
});

test('A flag without effect is told before anything else is asked for', async () => {
  const { prompter, put } = inTurn([['late', 'x']]);
  const flags = { offline: ['true'], image: ['x'] };
  const late = { ...inputs, late: text({ summary: 'Late', parse }) };
  const told = ask(late, { flags, environment: {}, answersFile: {} }, { prompter });
  await expect(told).rejects.toThrow('--image has no effect with');
  expect(put).toEqual([]);
});
