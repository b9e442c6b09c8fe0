import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ask, BACK, type Prompter } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import {
  choices,
  type Input,
  type Inputs,
  list,
  onlyWhen,
  optionalText,
  secret,
  text,
  yesNo,
} from '../../src/step/input.ts';
import { temporaryFolder } from '../services/temporary.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;

/** Answers from lists, and notes what is offered. */
function inTurn(answers: Record<string, readonly (readonly string[] | typeof BACK)[]>) {
  const left = new Map(Object.entries(answers).map(([name, all]) => [name, [...all]]));
  const offered: (readonly [string, readonly string[], Input])[] = [];
  const prompter: Prompter = {
    async ask(name, input, initial) {
      offered.push([name, initial, input]);
      return left.get(name)?.shift() ?? [];
    },
  };
  return { prompter, offered };
}

const inputs = {
  name: text({ summary: 'Name', parse }),
  note: optionalText({ summary: 'Note', asked: true, parse }),
  hosts: list({ summary: 'Hosts', asked: true, parse }),
  token: secret({ summary: 'Token', parse }),
} satisfies Inputs;

test('Each answer that is typed is told before the next question, a secret only by the name of its file', async () => {
  const file = path.join(await temporaryFolder(), 'token');
  await writeFile(file, 'hush\n');
  for (const [token, shown] of [
    ['hush', undefined],
    [file, [file]],
  ] as const) {
    const { prompter } = inTurn({ name: [['n']], note: [[]], hosts: [[]], token: [[token]] });
    const told: unknown[] = [];
    const { texts, offered } = await ask(inputs, nothing, {
      prompter,
      onTyped: async (name, input, typed, values) => {
        told.push([name, input.summary, typed, { ...values }]);
      },
    });
    const before = [
      ['name', 'Name', ['n'], { name: 'n' }],
      ['note', 'Note', [], { name: 'n' }],
      ['hosts', 'Hosts', [], { name: 'n', hosts: [] }],
    ];
    const last = ['token', 'Token', shown, { name: 'n', hosts: [], token: 'hush' }];
    expect(told).toEqual(shown ? [...before, last] : before);
    expect(texts).toStrictEqual({ name: ['n'], hosts: [], ...(shown && { token: shown }) });
    expect([...offered]).toEqual(['name', 'note', 'hosts', 'token']);
  }
});

test('What was given is not told as typed', async () => {
  const told: string[] = [];
  const flags = { name: ['n'], note: ['x'], hosts: ['h'] };
  const { prompter } = inTurn({ token: [[]] });
  const { origins, values } = await ask(
    inputs,
    { ...nothing, flags },
    {
      prompter,
      onTyped: async (name) => void told.push(name),
    },
  );
  expect(told).toEqual(['token']);
  expect(values).toEqual({ name: 'n', note: 'x', hosts: ['h'] });
  expect(origins).toEqual({ name: 'flag', note: 'flag', hosts: 'flag' });
});

test('What was left out without a question, entered earlier or kept by going back is not told as typed', async () => {
  const told: string[] = [];
  const onTyped = async (name: string) => void told.push(name);
  const given = { ...nothing, flags: { name: ['n'] } };
  await ask(inputs, given, { onTyped });
  expect(told).toEqual([]);
  const { prompter } = inTurn({ name: [BACK] });
  const entered = new Map([['note', ['entered']]]);
  await ask(inputs, given, { prompter, onTyped, entered, edit: 'name' });
  expect(told).toEqual(['hosts', 'token']);
});

test('What a person may want to answer is offered, answered or not, but not what has no effect or comes after something missing', async () => {
  const parted = {
    mode: text({ summary: 'Mode', parse }),
    zone: onlyWhen(({ mode }: { mode: string }) => mode === 'gcp', text({ summary: 'Zone', parse })),
    quiet: yesNo({ summary: 'Quiet' }),
    size: text({ summary: 'Size', default: '4', parse }),
    more: text({ summary: 'More', parse }),
  };
  const flags = { mode: ['aws'], more: ['m'] };
  expect([...(await ask(parted, { ...nothing, flags })).offered]).toEqual(['mode', 'size', 'more']);
  const gcp = { mode: ['gcp'], zone: ['z'], more: ['m'] };
  expect([...(await ask(parted, { ...nothing, flags: gcp })).offered]).toEqual(['mode', 'zone', 'size', 'more']);
});

test('What was entered before goes before everything given, and is not asked for again', async () => {
  const entered = new Map([
    ['name', ['entered']],
    ['hosts', []],
  ]);
  const { prompter, offered } = inTurn({ note: [['typed']] });
  const given = { ...nothing, flags: { name: ['flag'], hosts: ['h'] } };
  const { values, origins } = await ask(inputs, given, { prompter, entered });
  expect(values).toEqual({ name: 'entered', note: 'typed', hosts: [] });
  expect(origins).toEqual({ name: 'prompt', note: 'prompt', hosts: 'prompt' });
  expect(offered.map(([name]) => name)).toEqual(['note', 'token']);
  expect(entered.get('note')).toEqual(['typed']);
});

test('An answer can be edited: the question starts with it, and going back keeps it', async () => {
  const given = {
    ...nothing,
    flags: { name: ['flag'], note: ['n'], hosts: ['h'] },
    environment: { SPACECTL_TOKEN: 't' },
  };
  const edited = inTurn({ name: [['new']] });
  expect((await ask(inputs, given, { prompter: edited.prompter, edit: 'name' })).values).toMatchObject({ name: 'new' });
  expect(edited.offered.map(([name, initial]) => [name, initial])).toEqual([['name', ['flag']]]);

  const entered = new Map([['name', ['entered']]]);
  const again = inTurn({ name: [BACK] });
  expect((await ask(inputs, given, { prompter: again.prompter, edit: 'name', entered })).values).toMatchObject({
    name: 'entered',
  });
  expect(again.offered.map(([name, initial]) => [name, initial])).toEqual([['name', ['entered']]]);

  // A secret is never shown.
  const hidden = inTurn({ token: [BACK] });
  expect((await ask(inputs, given, { prompter: hidden.prompter, edit: 'token' })).values).toMatchObject({ token: 't' });
  expect(hidden.offered.map(([name, initial]) => [name, initial])).toEqual([['token', []]]);

  expect((await ask(inputs, given, { edit: 'name' })).values).toMatchObject({ name: 'flag' });

  const first = inTurn({ name: [['new']] });
  expect((await ask(inputs, nothing, { prompter: first.prompter, edit: 'name' })).values).toMatchObject({
    name: 'new',
  });
  expect(first.offered[0]?.slice(0, 2)).toEqual(['name', []]);
});

test('An answer that is edited is picked one by one, without the usual combinations', async () => {
  const parts = {
    parts: choices({
      summary: 'Parts',
      choices: [{ value: 'a' }, { value: 'b' }],
      presets: [{ name: 'Both', description: 'All', values: ['a', 'b'] }],
    }),
  };
  const first = inTurn({ parts: [['a']] });
  await ask(parts, nothing, { prompter: first.prompter, offersDefaults: true });
  expect(first.offered[0]?.[2].presets).toHaveLength(1);
  const second = inTurn({ parts: [['b']] });
  const given = { ...nothing, flags: { parts: ['a'] } };
  expect((await ask(parts, given, { prompter: second.prompter, edit: 'parts' })).values).toEqual({ parts: ['b'] });
  expect(second.offered[0]?.[2]).not.toHaveProperty('presets');
});

test('The directory is answered first, and what its spacectl.yaml says counts for everything else', async () => {
  const read: string[] = [];
  const some = {
    name: optionalText({ summary: 'Name', section: 'pool', parse }),
    dir: text({ summary: 'Dir', default: '.', parse }),
  };
  const readSaved = async (dir: string) => {
    read.push(dir);
    return { 'pool.name': ['saved'] };
  };
  const { values, origins } = await ask(some, nothing, { readSaved });
  expect(Object.keys(values)).toEqual(['dir', 'name']);
  expect(values).toEqual({ dir: '.', name: 'saved' });
  expect(origins).toEqual({ dir: 'default', name: 'saved' });
  expect(read).toEqual(['.']);
  expect((await ask({ name: some.name }, nothing, { readSaved })).values).toEqual({});
  expect((await ask(some, nothing)).values).toEqual({ dir: '.' });
});
