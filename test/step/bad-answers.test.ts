import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { choices, type Inputs, list, onlyWhen, text, yesNo } from '../../src/step/input.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const suggestions = ['Use a number'];

/** An input that takes nothing, for a reason. */
const refusing = (error: Error, positional = false) => ({
  size: text({
    summary: 'Size',
    section: 'pool',
    positional,
    parse: (): string => {
      throw error;
    },
  }),
});
const bad = new UserError('SPACECTL_BAD_INPUT', '"x" is no number', { suggestions });

test.each<[string, Partial<Given>, string, string]>([
  ['a flag', { flags: { size: ['x'] } }, 'SPACECTL_BAD_INPUT', '--size'],
  ['a variable', { environment: { SPACECTL_SIZE: 'x' } }, 'SPACECTL_BAD_INPUT', 'SPACECTL_SIZE'],
  ['an answers file', { answersFile: { 'pool.size': ['x'] } }, 'SPACECTL_BAD_ANSWERS', 'answers file: pool.size'],
  ['spacectl.yaml', { saved: { 'pool.size': ['x'] } }, 'SPACECTL_BAD_ANSWERS', 'spacectl.yaml: pool.size'],
])('A bad value from %s is refused by its place', async (_, given, code, place) => {
  await expect(ask(refusing(bad), { ...nothing, ...given })).rejects.toMatchObject({
    code,
    message: `${place}: "x" is no number`,
    suggestions: [{ text: 'Use a number' }],
    cause: bad,
  });
});

test('A bad argument is refused by its name in capital letters', async () => {
  const refused = ask(refusing(bad, true), { ...nothing, flags: { size: ['x'] } });
  await expect(refused).rejects.toMatchObject({ code: 'SPACECTL_BAD_INPUT', message: 'SIZE: "x" is no number' });
});

test('A value that is good, but cannot be used, is no bad input: the failure is reported as it is', async () => {
  const unreadable = new UserError('SPACECTL_CANNOT_READ', 'Cannot read x');
  for (const error of [unreadable, new TypeError('a bug')]) {
    await expect(ask(refusing(error), { ...nothing, flags: { size: ['x'] } })).rejects.toBe(error);
  }
});

test('What is needed and left empty at its prompt is missing', async () => {
  const prompter: Prompter = { ask: async () => [] };
  const parse = (value: string) => value;
  const inputs = {
    name: text({ summary: 'Name', parse }),
    ca: list({ summary: 'CA', required: true, parse }),
  } as Inputs;
  await expect(ask(inputs, nothing, { prompter })).rejects.toMatchObject({
    code: 'SPACECTL_MISSING_INPUT',
    message: 'Missing --name, --ca',
  });
});

test('An input asked for only after certain answers is not asked for after others', async () => {
  const names: string[] = [];
  const prompter: Prompter = {
    async ask(name) {
      names.push(name);
      return ['gcp'];
    },
  };
  const parse = (value: string) => value;
  const inputs = {
    cloud: text({ summary: 'Cloud', parse }),
    zones: list({ summary: 'Zones', asked: ({ cloud }: { cloud: string }) => cloud === 'gcp', parse }),
  };
  await ask(inputs, nothing, { prompter });
  expect(names.splice(0)).toEqual(['cloud', 'zones']);
  const { offered } = await ask(inputs, { ...nothing, flags: { cloud: ['aws'] } }, { prompter });
  expect(names).toEqual([]);
  expect([...offered]).toEqual(['cloud']);
});

test('A missing argument is named in capital letters', async () => {
  const inputs = { image: text({ summary: 'Image', positional: true, parse: (value: string) => value }) };
  await expect(ask(inputs, nothing)).rejects.toThrow(/^Missing IMAGE$/);
});

test('What is missing is reported before a flag that has no effect', async () => {
  const parse = (value: string) => value;
  const inputs = {
    name: text({ summary: 'Name', parse }),
    offline: yesNo({ summary: 'Offline' }),
    image: onlyWhen(({ offline }: { offline: boolean }) => !offline, text({ summary: 'Image', parse })),
  };
  const flags = { offline: ['true'], image: ['x'] };
  await expect(ask(inputs, { ...nothing, flags })).rejects.toThrow(/^Missing --name$/);
  const named = { ...flags, name: ['n'] };
  await expect(ask(inputs, { ...nothing, flags: named })).rejects.toMatchObject({
    message: '--image has no effect with --offline',
    suggestions: [{ text: 'Omit --image' }, { text: 'Or omit --offline' }],
  });
});

test('A flag that has no effect is refused unless it says what is so anyway', async () => {
  const parts = choices({
    summary: 'Parts',
    choices: [{ value: 'a' }, { value: 'b' }, { value: 'ab' }],
    default: ['a', 'b'],
  });
  const inputs = {
    offline: yesNo({ summary: 'Offline' }),
    parts: onlyWhen(({ offline }: { offline: boolean }) => !offline, parts),
  };
  const outcome = (...texts: readonly string[]) =>
    ask(inputs as Inputs, { ...nothing, flags: { offline: ['true'], parts: texts } }).then(
      ({ values }) => values,
      ({ message }) => message,
    );
  expect(await outcome('a', 'b')).toEqual({ offline: true });
  for (const texts of [['a'], ['b', 'a'], ['ab']]) {
    expect(await outcome(...texts)).toBe('--parts has no effect with --offline');
  }
});

test('An answer that is given, and asked for only after a missing one, leaves that one missing', async () => {
  const parse = (value: string) => value;
  const inputs = {
    name: text({ summary: 'Name', parse }),
    hosts: list({ summary: 'Hosts', asked: ({ name }: { name: string }) => name !== '', parse }),
  };
  await expect(ask(inputs, { ...nothing, flags: { hosts: ['h'] } })).rejects.toMatchObject({
    message: 'Missing --name',
    suggestions: [{ text: expect.stringContaining('Pass it as a flag') }],
  });
});
