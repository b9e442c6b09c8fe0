import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { secret, text } from '../../src/step/input.ts';
import { scripted } from '../services/prompter.ts';
import { temporaryFolder } from '../services/temporary.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;

test('a secret that is refused is blamed on the variable it came from', async () => {
  const refuse = (): never => {
    throw new UserError('SPACECTL_BAD_INPUT', 'no');
  };
  const secrets = { token: secret({ summary: 'Token', parse: refuse }) };
  const given = { ...nothing, environment: { SPACECTL_TOKEN: 'hush' } };
  await expect(ask(secrets, given)).rejects.toThrow('SPACECTL_TOKEN: no');
});

test('a newline at the end of a secret is no part of it, wherever it comes from', async () => {
  const secrets = { token: secret({ summary: 'Token', parse, otherVariables: ['THEIR_TOKEN'] }) };
  const file = path.join(await temporaryFolder(), 'token');
  await writeFile(file, 'hush\n');
  const answers = [
    await ask(secrets, { ...nothing, flags: { 'token-file': [file] } }),
    await ask(secrets, { ...nothing, environment: { SPACECTL_TOKEN: 'hush\n' } }),
    await ask(secrets, { ...nothing, environment: { THEIR_TOKEN: 'hush\r\n', SPACECTL_TOKEN: '\n' } }),
    await ask(secrets, nothing, { prompter: scripted({ token: ['hush\n'] }) }),
  ];
  expect(answers.map(({ values }) => values)).toEqual(answers.map(() => ({ token: 'hush' })));
});

test('a secret comes from a file, from its own variable, or from a prompt, and is never among the texts', async () => {
  const secrets = { token: secret({ summary: 'Token', parse }) };
  const file = path.join(await temporaryFolder(), 'token');
  await writeFile(file, 'hush\n');
  const byFlag = await ask(secrets, { ...nothing, flags: { 'token-file': [file] } });
  const byVariable = await ask(secrets, { ...nothing, environment: { SPACECTL_TOKEN: 'hush' } });
  const byFileVariable = await ask(secrets, { ...nothing, environment: { SPACECTL_TOKEN_FILE: file } });
  const pasted = await ask(secrets, nothing, { prompter: scripted({ token: ['hush'] }) });
  const pointedAt = await ask(secrets, nothing, { prompter: scripted({ token: [file] }) });
  for (const { values } of [byFlag, byVariable, byFileVariable, pasted, pointedAt])
    expect(values).toEqual({ token: 'hush' });
  // The name of its file may be saved, the secret never.
  for (const { texts } of [byFlag, byFileVariable, pointedAt]) expect(texts).toEqual({ token: [file] });
  for (const { texts } of [byVariable, pasted]) expect(texts).toEqual({});
});

test('an empty file is no secret', async () => {
  const file = path.join(await temporaryFolder(), 'token');
  await writeFile(file, '\n');
  const secrets = { token: secret({ summary: 'Token', parse }) };
  await expect(ask(secrets, { ...nothing, flags: { 'token-file': [file] } })).rejects.toMatchObject({
    code: 'SPACECTL_BAD_DATA',
    message: `${file} is empty: a secret was expected`,
  });
});

test('A secret that is typed is handed over at once, to be kept, and what may be shown is the file it is in then', async () => {
  const file = path.join(await temporaryFolder(), 'given');
  await writeFile(file, 'hush\n');
  const inputs = {
    owner: text({ summary: 'Owner', parse }),
    token: secret({ summary: 'Token', parse }),
    filed: secret({ summary: 'Filed', section: 'pool', parse }),
    last: text({ summary: 'Last', parse }),
  };
  /** What is handed over of answers that are typed, or entered earlier. */
  const handed = async (given: Given, answers: Record<string, readonly string[]>, isKept = true) => {
    const secrets: unknown[] = [];
    const typed: unknown[] = [];
    const seen: string[] = [];
    const { texts } = await ask(inputs, given, {
      prompter: scripted({ owner: ['me'], last: ['l'], ...answers }, seen),
      onSecret: async (name, input, value, values) => {
        secrets.push([name, input.summary, value, { ...values }, [...seen]]);
        return isKept ? `kept-${name}` : undefined;
      },
      onTyped: async (name, _input, shown) => void typed.push([name, ...shown]),
    });
    return { secrets, typed, texts };
  };
  const token = ['token', 'Token', 'hush', { owner: 'me', token: 'hush' }, ['owner', 'token']];
  const filed = ['filed', 'Filed', 'hush', { owner: 'me', token: 'hush', filed: 'hush' }, ['owner', 'token', 'filed']];
  const kept = { owner: ['me'], token: ['kept-token'], filed: ['kept-filed'], last: ['l'] };
  expect(await handed(nothing, { token: ['hush'], filed: ['hush'] })).toEqual({
    secrets: [token, filed],
    typed: Object.entries(kept).map(([name, [shown]]) => [name, shown]),
    texts: kept,
  });
  // One that is not kept is not shown.
  expect(await handed(nothing, { token: ['hush'], filed: ['hush'] }, false)).toEqual({
    secrets: [token, filed],
    typed: [
      ['owner', 'me'],
      ['last', 'l'],
    ],
    texts: { owner: ['me'], last: ['l'] },
  });
  // Where the name of its file can be saved, that is enough.
  expect(await handed(nothing, { token: [file], filed: [file] })).toMatchObject({
    secrets: [token],
    texts: { ...kept, filed: [file] },
  });
  // What was given is where it is.
  expect(await handed({ ...nothing, environment: { SPACECTL_TOKEN: 'hush', SPACECTL_FILED: 'hush' } }, {})).toEqual({
    secrets: [],
    typed: [
      ['owner', 'me'],
      ['last', 'l'],
    ],
    texts: { owner: ['me'], last: ['l'] },
  });
  expect(await handed(nothing, {})).toMatchObject({ secrets: [], texts: { owner: ['me'], last: ['l'] } });
});

test('A secret that was entered earlier is not handed over again', async () => {
  const secrets: unknown[] = [];
  const inputs = { token: secret({ summary: 'Token', parse }) };
  const { values, texts } = await ask(inputs, nothing, {
    prompter: scripted({}),
    entered: new Map([['token', ['hush']]]),
    onSecret: async (name) => void secrets.push(name) as never,
  });
  expect([values, texts, secrets]).toEqual([{ token: 'hush' }, {}, []]);
});
