import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, BACK } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { onlyWhen, optionalText, secret, text, yesNo } from '../../src/step/input.ts';
import { rule } from '../../src/step/rule.ts';
import { inTurn } from '../services/prompter.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;
const isLarge = ({ least }: { least: number }) => least > 4;

const inputs = {
  owner: text({ summary: 'Owner', parse }),
  least: text({ summary: 'Least', parse: Number }),
  reason: onlyWhen(isLarge, text({ summary: 'Reason', parse })),
  most: text({ summary: 'Most', default: '6', askedDespiteDefault: true, parse: Number }),
  note: text({ summary: 'Note', parse }),
};

/** Least may not be more than most. The rule is an error if it is asked without end. */
function atMost(limit = 20) {
  let count = 0;
  return rule<{ least: number; most?: number }>(['most', 'least'], ({ least, most = Infinity }) => {
    if (++count > limit) throw new Error('the same is asked for without end');
    if (least > most)
      throw new UserError('SPACECTL_BAD_INPUT', `${least} is more than ${most}`, { suggestions: ['Take fewer'] });
  });
}

const WRONG = '5 is more than 3\nTake fewer';

test('The second of two answers that contradict each other is asked for again, with what is wrong and what it was', async () => {
  const { prompter, put, left } = inTurn([
    ['owner', 'me'],
    ['least', '5'],
    ['reason', 'r'],
    ['most', '3'],
    ['most', '4'],
    ['most', '7'],
    ['note', 'n'],
  ]);
  const entered = new Map<string, readonly string[]>();
  const told: (readonly string[])[] = [];
  const { values, texts, origins, offered } = await ask(inputs, nothing, {
    prompter,
    rules: [atMost()],
    entered,
    onTyped: async (name, _input, typed) => void told.push([name, ...typed]),
  });
  expect(left).toEqual([]);
  expect(put.slice(3)).toEqual([
    { name: 'most', initial: ['6'], description: undefined },
    { name: 'most', initial: ['3'], description: WRONG },
    { name: 'most', initial: ['4'], description: '5 is more than 4\nTake fewer' },
    { name: 'note', initial: [], description: undefined },
  ]);
  expect(values).toEqual({ owner: 'me', least: 5, reason: 'r', most: 7, note: 'n' });
  expect(texts).toEqual({ owner: ['me'], least: ['5'], reason: ['r'], most: ['7'], note: ['n'] });
  expect(new Set(Object.values(origins))).toEqual(new Set(['prompt']));
  expect([...offered]).toEqual(['owner', 'least', 'reason', 'most', 'note']);
  expect(Object.fromEntries(entered)).toEqual(texts);
  // Each answer is saved as it is typed, so that the last one is what is saved.
  expect(told.filter(([name]) => name === 'most')).toEqual([
    ['most', '3'],
    ['most', '4'],
    ['most', '7'],
  ]);
});

test('Where the second answer was given by a flag, the first is asked for again, and what was typed in between is kept', async () => {
  const { prompter, put, left } = inTurn([
    ['owner', 'me'],
    ['least', '9'],
    ['reason', 'r'],
    ['least', '5'],
    ['note', 'n'],
  ]);
  const given = { ...nothing, flags: { most: ['8'] } };
  const { values } = await ask(inputs, given, { prompter, rules: [atMost()] });
  expect(left).toEqual([]);
  expect(put[3]).toEqual({ name: 'least', initial: ['9'], description: '9 is more than 8\nTake fewer' });
  expect(values).toEqual({ owner: 'me', least: 5, reason: 'r', most: 8, note: 'n' });
});

test('A rule also counts where one of its answers is none of this conversation, and the first question of all is asked for again', async () => {
  const { check } = atMost();
  const { prompter, left } = inTurn([
    ['least', '3'],
    ['least', '2'],
  ]);
  const { least, most } = inputs;
  const reads = ['most', 'elsewhere', 'least'];
  const given = { ...nothing, flags: { most: ['2'] } };
  const { values } = await ask({ least, most }, given, { prompter, rules: [{ reads, check }] });
  expect([left, values]).toEqual([[], { least: 2, most: 2 }]);
});

test('What has no effect once the first answer was corrected is gone', async () => {
  const { prompter, left } = inTurn([
    ['owner', 'me'],
    ['least', '5'],
    ['reason', 'r'],
    ['least', '2'],
    ['note', 'n'],
  ]);
  const limited = { ...inputs, most: onlyWhen(isLarge, inputs.most) };
  const given = { ...nothing, environment: { SPACECTL_MOST: '3' } };
  const { offered, ...answered } = await ask(limited, given, { prompter, rules: [atMost()] });
  expect(left).toEqual([]);
  expect(answered).toEqual({
    values: { owner: 'me', least: 2, note: 'n' },
    texts: { owner: ['me'], least: ['2'], note: ['n'] },
    origins: { owner: 'prompt', least: 'prompt', note: 'prompt' },
  });
  expect([...offered]).toEqual(['owner', 'least', 'note']);
});

test('Answers that were all given for this run are not asked for again: the plan refuses them', async () => {
  const given = { ...nothing, flags: { owner: ['me'], least: ['3'], most: ['2'], note: ['n'] } };
  const { prompter } = inTurn([]);
  const { values } = await ask(inputs, given, { prompter, rules: [atMost()] });
  expect(values).toMatchObject({ least: 3, most: 2 });
});

test('Without anyone to ask, nothing is asked for again', async () => {
  const given = { ...nothing, flags: { owner: ['me'], least: ['9'], reason: ['r'], note: ['n'] } };
  const { values } = await ask(inputs, given, { rules: [atMost()] });
  expect(values).toMatchObject({ least: 9, most: 6 });
});

test('Where something is missing, that is reported, and nothing is asked for again', async () => {
  const { prompter, left } = inTurn([
    ['owner', []],
    ['least', '3'],
    ['most', '2'],
    ['note', 'n'],
  ]);
  const asked = ask(inputs, nothing, { prompter, rules: [atMost()] });
  await expect(asked).rejects.toMatchObject({ code: 'SPACECTL_MISSING_INPUT', message: 'Missing --owner' });
  expect(left).toEqual([]);
});

test('Going back from an answer that is asked for again leads to the question before it, and then all is asked as usual', async () => {
  const { prompter, put, left } = inTurn([
    ['owner', 'me'],
    ['least', '4'],
    ['most', '3'],
    ['most', BACK],
    ['least', '2'],
    ['most', '3'],
    ['note', 'n'],
  ]);
  const { values } = await ask(inputs, nothing, { prompter, rules: [atMost()] });
  expect(left).toEqual([]);
  expect(put.slice(4)).toEqual([
    { name: 'least', initial: ['4'], description: undefined },
    { name: 'most', initial: ['3'], description: undefined },
    { name: 'note', initial: [], description: undefined },
  ]);
  expect(values).toMatchObject({ least: 2, most: 3 });
});

test('Going back elsewhere does not keep later answers from being compared', async () => {
  const { prompter, left } = inTurn([
    ['owner', 'me'],
    ['least', BACK],
    ['owner', 'you'],
    ['least', '4'],
    ['most', '3'],
    ['most', '5'],
    ['note', 'n'],
  ]);
  const { values } = await ask(inputs, nothing, { prompter, rules: [atMost()] });
  expect(left).toEqual([]);
  expect(values).toMatchObject({ owner: 'you', least: 4, most: 5 });
});

test('A secret that contradicts another answer is asked for again, and never shown', async () => {
  const hidden = { public: yesNo({ summary: 'Public' }), token: secret({ summary: 'Token', parse }) };
  const secretly = rule<{ public: boolean; token?: string }>(['public', 'token'], (values) => {
    if (values.public && values.token) throw new UserError('SPACECTL_BAD_INPUT', 'Public things need no token');
  });
  const { prompter, put, left } = inTurn([
    ['token', 'hush'],
    ['token', []],
  ]);
  const given = { ...nothing, flags: { public: ['true'] } };
  const { values, texts } = await ask(hidden, given, { prompter, rules: [secretly] });
  expect(left).toEqual([]);
  expect(put[1]).toEqual({ name: 'token', initial: [], description: 'Public things need no token' });
  expect(values).toEqual({ public: true });
  expect(texts).toEqual({ public: ['true'] });
});

test('What spacectl.yaml says is asked for again where it contradicts a flag, whatever else a rule reads before it', async () => {
  const filed = { ...inputs, most: { ...inputs.most, section: 'pool' } };
  const { check } = atMost();
  const { prompter, put, left } = inTurn([['most', '4']]);
  const flags = { owner: ['me'], least: ['4'], note: ['n'] };
  const { values, origins } = await ask(
    filed,
    { ...nothing, flags, saved: { 'pool.most': ['2'] } },
    { prompter, rules: [{ reads: ['owner', 'least', 'most'], check }] },
  );
  expect(left).toEqual([]);
  expect(put).toEqual([{ name: 'most', initial: ['2'], description: '4 is more than 2\nTake fewer' }]);
  expect([values['most'], origins['most']]).toEqual([4, 'prompt']);
});

test('An optional answer that was left empty, or not asked for, is asked for where another one needs it', async () => {
  const options = { secure: yesNo({ summary: 'Secure' }), ca: optionalText({ summary: 'CA', asked: true, parse }) };
  const needed = rule<{ secure: boolean; ca?: string }>(['secure', 'ca'], ({ secure, ca }) => {
    if (secure && ca === undefined) throw new UserError('SPACECTL_BAD_INPUT', 'Name the CA');
  });
  const given = { ...nothing, flags: { secure: ['true'] } };
  for (const asksFor of [undefined, () => false]) {
    const { prompter, put, left } = inTurn([...(asksFor ? [] : [['ca', []] as const]), ['ca', 'c.pem']]);
    const { values } = await ask(options, given, { prompter, asksFor, rules: [needed] });
    expect([left, put.at(-1)?.description]).toEqual([[], 'Name the CA']);
    expect(values).toEqual({ secure: true, ca: 'c.pem' });
  }
});

test('A rule is checked when the last of its answers is given, not before and not again, and its bugs are reported', async () => {
  const seen: unknown[] = [];
  const given = { ...nothing, flags: { owner: ['me'], most: ['4'], note: ['n'] } };
  const noting = rule<{ least: number; most: number }>(['least', 'most'], (values) => void seen.push({ ...values }));
  const { prompter } = inTurn([
    ['least', '3'],
    ['least', '3'],
  ]);
  await ask(inputs, given, { prompter, rules: [noting] });
  expect(seen).toEqual([{ owner: 'me', least: 3, most: 4 }]);
  const broken = rule<{ least: number }>(['least'], () => {
    throw new TypeError('a bug');
  });
  await expect(ask(inputs, given, { prompter, rules: [broken] })).rejects.toThrow(new TypeError('a bug'));
});
