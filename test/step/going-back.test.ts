import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
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

test('Going back from the first question asks again for what spacectl.yaml says, one answer after the other', async () => {
  const offered: unknown[] = [];
  const saving = {
    goal: text({ section: 'pool', summary: 'Goal', default: 'g', parse }),
    quiet: text({ section: 'pool', summary: 'Quiet', default: 'q', asked: false, parse }),
    address: text({ section: 'pool', summary: 'Address', parse }),
    key: secret({ summary: 'Key', required: true, parse }),
  };
  const saved = { 'pool.goal': ['one'], 'pool.quiet': ['q'], 'pool.address': ['wrong'] };
  const prompter = inTurn(
    { key: [BACK, BACK, ['k']], address: [['right'], BACK, BACK], goal: [BACK, ['two']] },
    offered,
  );
  const { values } = await ask(saving, { ...nothing, saved }, { prompter, offersDefaults: true });
  expect(offered).toEqual([
    ['key', []],
    ['address', ['wrong']],
    ['key', []],
    ['address', ['right']],
    ['goal', ['one']],
    ['goal', ['one']],
    ['key', []],
  ]);
  expect(values).toEqual({ goal: 'two', quiet: 'q', address: 'wrong', key: 'k' });
});

test('An answer that fails because of an earlier one asks for that again, with what is wrong', async () => {
  const put: unknown[] = [];
  const trying = {
    address: text({ section: 'pool', summary: 'Address', parse }),
    id: text({ summary: 'ID', parse }),
    key: {
      ...secret({ summary: 'Key', required: true, parse }),
      async tryOut(_: unknown, { address }: { address: string }) {
        if (address === 'wrong') throw new UserError('SPACECTL_UNREACHABLE', 'No such host');
        if (put.length < 4) throw new UserError('SPACECTL_NOT_ALLOWED', 'Rejected');
      },
      reopens: ({ code }: UserError) => (code === 'SPACECTL_UNREACHABLE' ? 'address' : undefined),
    },
  };
  const prompter: Prompter = {
    async ask(name, { description }, initial, check) {
      const texts = { address: 'right', id: 'i' }[name] ?? 'k';
      const verdicts = [await check([texts]), await check([texts])];
      put.push([name, initial, description, verdicts[0]]);
      return [texts];
    },
  };
  const saved = { 'pool.address': ['wrong'] };
  const kept: unknown[] = [];
  const onSecret = async (name: string) => void kept.push(name);
  const { values } = await ask(trying, { ...nothing, saved }, { prompter, onSecret });
  expect(put).toEqual([
    ['id', [], undefined, true],
    ['key', [], undefined, true],
    ['address', ['wrong'], 'No such host', true],
    ['key', [], undefined, 'Rejected'],
  ]);
  expect(kept).toEqual(['key']);
  expect(values).toEqual({ address: 'right', id: 'i', key: 'k' });
});
