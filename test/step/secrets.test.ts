import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { secret } from '../../src/step/input.ts';
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
