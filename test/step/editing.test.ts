import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, BACK } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { onlyWhen, text } from '../../src/step/input.ts';
import { rule } from '../../src/step/rule.ts';
import { inTurn } from '../services/prompter.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;

const inputs = {
  owner: text({ summary: 'Owner', parse }),
  least: text({ summary: 'Least', parse: Number }),
  most: text({ summary: 'Most', parse: Number }),
  note: text({ summary: 'Note', parse }),
};

/** Least may not be more than most. The rule is an error if it is asked without end. */
function atMost(limit = 20) {
  let count = 0;
  return rule<{ least: number; most: number }>(['least', 'most'], ({ least, most }) => {
    if (++count > limit) throw new Error('the same is asked for without end');
    if (least > most) throw new UserError('SPACECTL_BAD_INPUT', `${least} is more than ${most}`);
  });
}

/** What was entered before the review. */
const before = (answers: Record<string, string>) =>
  new Map(Object.entries(answers).map(([name, answer]) => [name, [answer] as readonly string[]]));
const complete = () => before({ owner: 'me', least: '2', most: '3', note: 'n' });

test('Leaving an edit at its question keeps all answers', async () => {
  for (const edit of Object.keys(inputs)) {
    const entered = complete();
    const { prompter, left } = inTurn([[edit, BACK]]);
    const { values } = await ask(inputs, nothing, { prompter, entered, edit, rules: [atMost()] });
    expect([left, values]).toEqual([[], { owner: 'me', least: 2, most: 3, note: 'n' }]);
    expect(entered).toEqual(complete());
  }
});

test('Leaving the edit of an answer that contradicts another one leads back to the review, which tells it', async () => {
  for (const edit of ['least', 'most']) {
    const { prompter, left } = inTurn([[edit, BACK]]);
    const given = { ...nothing, flags: { owner: ['me'], least: ['5'], most: ['3'], note: ['n'] } };
    const { values } = await ask(inputs, given, { prompter, edit, rules: [atMost()] });
    expect([left, values]).toEqual([[], { owner: 'me', least: 5, most: 3, note: 'n' }]);
  }
});

test('An edit that contradicts a flag is asked for again', async () => {
  const { prompter, put, left } = inTurn([
    ['least', '5'],
    ['least', '3'],
  ]);
  const given = { ...nothing, flags: { owner: ['me'], least: ['2'], most: ['3'], note: ['n'] } };
  const { values, origins } = await ask(inputs, given, { prompter, edit: 'least', rules: [atMost()] });
  expect(left).toEqual([]);
  expect(put).toEqual([
    { name: 'least', initial: ['2'], description: undefined },
    { name: 'least', initial: ['5'], description: '5 is more than 3' },
  ]);
  expect(values).toEqual({ owner: 'me', least: 3, most: 3, note: 'n' });
  expect(origins).toEqual({ owner: 'flag', least: 'prompt', most: 'flag', note: 'flag' });
});

test('An edit that contradicts a flag can be left: the answer is what it was before', async () => {
  const { prompter, left } = inTurn([
    ['least', '5'],
    ['least', BACK],
  ]);
  const given = { ...nothing, flags: { owner: ['me'], most: ['3'], note: ['n'] } };
  const entered = before({ least: '2' });
  const { values } = await ask(inputs, given, { prompter, edit: 'least', entered, rules: [atMost()] });
  expect(left).toEqual([]);
  expect(values).toEqual({ owner: 'me', least: 2, most: 3, note: 'n' });
  expect(entered).toEqual(before({ least: '2' }));
});

test('From a question that an edit led to, one can go back to the edit, and leave that as well', async () => {
  const parted = {
    cloud: text({ summary: 'Cloud', parse }),
    size: text({ summary: 'Size', parse }),
    zone: onlyWhen(({ cloud }: { cloud: string }) => cloud === 'gcp', text({ summary: 'Zone', parse })),
    note: text({ summary: 'Note', parse }),
  };
  const { prompter, put, left } = inTurn([
    ['cloud', 'gcp'],
    ['zone', BACK],
    ['cloud', BACK],
  ]);
  const entered = before({ cloud: 'aws', size: 's', note: 'n' });
  const { values, offered } = await ask(parted, nothing, { prompter, edit: 'cloud', entered });
  expect(left).toEqual([]);
  expect(put.map(({ name, initial }) => [name, ...initial])).toEqual([['cloud', 'aws'], ['zone'], ['cloud', 'gcp']]);
  expect(values).toEqual({ cloud: 'aws', size: 's', note: 'n' });
  expect([...offered]).toEqual(['cloud', 'size', 'note']);
  expect(entered).toEqual(before({ cloud: 'aws', size: 's', note: 'n' }));
});

test('An edit that contradicts what was entered before is asked for again, and can be left', async () => {
  for (const answer of ['4', '3']) {
    const { prompter, put, left } = inTurn([
      ['most', '1'],
      ['most', answer],
    ]);
    const { values } = await ask(inputs, nothing, { prompter, edit: 'most', entered: complete(), rules: [atMost()] });
    expect([left, put[1]?.description]).toEqual([[], '2 is more than 1']);
    expect(values).toMatchObject({ least: 2, most: Number(answer) });
  }
  const { prompter, left } = inTurn([
    ['least', '5'],
    ['least', BACK],
  ]);
  const entered = complete();
  const { values } = await ask(inputs, nothing, { prompter, edit: 'least', entered, rules: [atMost()] });
  expect([left, values]).toEqual([[], { owner: 'me', least: 2, most: 3, note: 'n' }]);
  expect(entered).toEqual(complete());
});

test('A default that an edit contradicts is asked for, and no more once the edit was changed', async () => {
  const defaulted = { ...inputs, most: text({ summary: 'Most', default: '3', parse: Number }) };
  const { prompter, put, left } = inTurn([
    ['least', '5'],
    ['most', BACK],
    ['least', '3'],
  ]);
  const entered = before({ owner: 'me', least: '2', note: 'n' });
  const { values } = await ask(defaulted, nothing, { prompter, edit: 'least', entered, rules: [atMost()] });
  expect(left).toEqual([]);
  expect(put.map(({ name, initial, description }) => [name, ...initial, description])).toEqual([
    ['least', '2', undefined],
    ['most', '3', '5 is more than 3'],
    ['least', '5', undefined],
  ]);
  expect(values).toEqual({ owner: 'me', least: 3, most: 3, note: 'n' });
  expect(entered).toEqual(before({ owner: 'me', least: '3', note: 'n' }));
});

test('An answer that another one excludes after an edit is not entered any more', async () => {
  const parted = {
    cloud: text({ summary: 'Cloud', parse }),
    zone: onlyWhen(({ cloud }: { cloud: string }) => cloud === 'gcp', text({ summary: 'Zone', parse })),
  };
  const entered = new Map<string, readonly string[]>();
  const { prompter, left } = inTurn([
    ['cloud', 'gcp'],
    ['zone', BACK],
    ['cloud', 'aws'],
  ]);
  expect((await ask(parted, nothing, { prompter, entered })).values).toEqual({ cloud: 'aws' });
  expect(left).toEqual([]);
  expect(entered).toEqual(before({ cloud: 'aws' }));
});
