import { expect, test } from 'vitest';
import { ask, BACK, type Back, type Prompter } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { choice, type Inputs, onlyWhen, optionalText, secret, text } from '../../src/step/input.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;

const inputs = {
  name: text({ summary: 'Name', parse }),
  size: text({ summary: 'Size', default: '4', parse: Number }),
  colour: choice({ summary: 'Colour', choices: [{ value: 'red' }, { value: 'blue' }] }),
  note: optionalText({ summary: 'Note', parse }),
} satisfies Inputs;

/** Answers each question from a list of its answers in turn, and goes back where the list says so. */
function inTurn(answers: Record<string, readonly (readonly string[] | Back)[]>, offered: unknown[] = []): Prompter {
  const left = new Map(Object.entries(answers).map(([name, all]) => [name, [...all]]));
  return {
    async ask(name, _input, initial) {
      offered.push([name, initial]);
      return left.get(name)?.shift() ?? [];
    },
  };
}

test('Going back asks the previous question again with its answer, and forgets what came after', async () => {
  const offered: unknown[] = [];
  const prompter = inTurn({ name: [['one'], ['two']], size: [['8'], BACK, ['9']], colour: [BACK, ['red']] }, offered);
  const { values } = await ask(inputs, nothing, { prompter, offersDefaults: true });
  expect(offered).toEqual([
    ['name', []],
    ['size', ['4']],
    ['colour', []],
    ['size', ['8']],
    ['name', ['one']],
    ['size', ['8']],
    ['colour', []],
  ]);
  expect(values).toEqual({ name: 'two', size: 9, colour: 'red', note: undefined });
});

test('Going back passes over what was not asked, and from the first question leads nowhere', async () => {
  const offered: unknown[] = [];
  const prompter = inTurn({ name: [BACK, ['one'], ['two']], colour: [BACK, ['red']] }, offered);
  const { values, origins } = await ask(inputs, { ...nothing, environment: { SPACECTL_SIZE: '5' } }, { prompter });
  expect(offered.map((each) => (each as unknown[])[0])).toEqual(['name', 'name', 'colour', 'name', 'colour']);
  expect(values).toEqual({ name: 'two', size: 5, colour: 'red', note: undefined });
  expect(origins).toEqual({ name: 'prompt', size: 'environment', colour: 'prompt' });
});

test('After going back, an answer that another one now excludes is gone', async () => {
  const conditional = {
    cloud: text({ summary: 'Cloud', parse }),
    zone: onlyWhen(({ cloud }: { cloud: string }) => cloud === 'gcp', text({ summary: 'Zone', parse })),
    name: text({ summary: 'Name', parse }),
  };
  const prompter = inTurn({ cloud: [['gcp'], ['aws']], zone: [['a'], BACK], name: [BACK, ['n']] });
  const { values, texts } = await ask(conditional, nothing, { prompter });
  expect(values).toEqual({ cloud: 'aws', name: 'n' });
  expect(texts).toEqual({ cloud: ['aws'], name: ['n'] });
});

test('After going back, a secret is asked for again, and never shown', async () => {
  const offered: unknown[] = [];
  const hidden = { token: secret({ summary: 'Token', parse }), name: text({ summary: 'Name', parse }) };
  const prompter = inTurn({ token: [['hush'], ['new']], name: [BACK, ['n']] }, offered);
  expect((await ask(hidden, nothing, { prompter })).values).toEqual({ token: 'new', name: 'n' });
  expect(offered).toEqual([
    ['token', []],
    ['name', []],
    ['token', []],
    ['name', []],
  ]);
});
