import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  type Given,
  givenAnswer,
  isBare,
  isGiven,
  isRepeated,
  namesFiles,
  placeOf,
  unwrap,
  variableNames,
} from '../../src/step/given.ts';
import { type Input, list, secret, text, yesNo } from '../../src/step/input.ts';
import { temporaryFolder } from '../services/temporary.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;
const plain: Input = text({ summary: 'Text', section: 'pool', parse });
const several: Input = list({ summary: 'List', parse });
const hidden: Input = secret({ summary: 'Secret', section: 'pool', parse, otherVariables: ['THEIRS'] });
const onOff: Input = yesNo({ summary: 'Boolean' });

test('variables and keys are made from the flag; a key does not repeat its section, and a secret has two variables', () => {
  expect(variableNames('mount-path', plain)).toEqual(['SPACECTL_MOUNT_PATH']);
  expect(variableNames('a-b-c', { ...plain, variable: 'other-key' })).toEqual(['SPACECTL_OTHER_KEY']);
  expect(variableNames('token', hidden)).toEqual(['SPACECTL_TOKEN_FILE', 'SPACECTL_TOKEN', 'THEIRS']);
  expect(placeOf('token', hidden)).toBe('pool.token-file');
  expect(placeOf('pool-token', hidden)).toBe('pool.token-file');
  expect(placeOf('ecs/pool-name', plain)).toBe('pool.name');
  expect(placeOf('pool', { ...plain, key: 'source' })).toBe('pool.source');
  expect(placeOf('name', onOff)).toBeUndefined();
});

test('a positional argument has neither variable nor key: only the argument counts', async () => {
  const bare: Input = text({ summary: 'File', positional: true, parse });
  expect([isBare(bare), isBare(plain)]).toEqual([true, false]);
  const given = { flags: {}, environment: { SPACECTL_FILE: 'x' }, answersFile: { 'pool.file': ['x'] } };
  expect(await givenAnswer('file', bare, given)).toBeUndefined();
  expect(isGiven('file', bare, given)).toBe(false);
  const flagged = { ...given, flags: { file: ['y'] } };
  expect(await givenAnswer('file', bare, flagged)).toEqual({ texts: ['y'], origin: 'flag' });
  expect(isGiven('file', bare, flagged)).toBe(true);
});

test('lists and choices are repeated; in a variable they are one line an item, and other texts stay whole', async () => {
  const kinds = [plain, several, hidden, onOff].map(isRepeated);
  expect(kinds).toEqual([false, true, false, false]);
  expect(isRepeated({ ...several, kind: 'choices' } as Input)).toBe(true);
  const environment = { SPACECTL_A: 'one\n\ntwo\n' };
  const variable = 'SPACECTL_A';
  const origin = 'environment';
  expect(await givenAnswer('a', several, { ...nothing, environment })).toEqual({
    texts: ['one', 'two'],
    origin,
    variable,
  });
  expect(await givenAnswer('a', plain, { ...nothing, environment })).toEqual({
    texts: ['one\n\ntwo\n'],
    origin,
    variable,
  });
});

test('an empty variable is not given, and the next one of its names counts', async () => {
  const input = { ...plain, otherVariables: ['THEIRS'] } as Input;
  const environment = { SPACECTL_A: '', THEIRS: 'x' };
  expect(await givenAnswer('a', input, { ...nothing, environment })).toMatchObject({
    texts: ['x'],
    variable: 'THEIRS',
  });
  expect(isGiven('a', input, { ...nothing, environment })).toBe(true);
  expect(isGiven('a', input, { ...nothing, environment: { SPACECTL_A: '' } })).toBe(false);
  const filed = { ...nothing, environment: { SPACECTL_A: '' }, answersFile: { 'pool.a': ['y'] } };
  expect(await givenAnswer('a', input, filed)).toEqual({ texts: ['y'], origin: 'answers file' });
});

test.each([
  ['yes', 'true'],
  ['YES', 'true'],
  ['True', 'true'],
  ['1', 'true'],
  ['no', 'false'],
  ['No', 'false'],
  ['FALSE', 'false'],
  ['0', 'false'],
  ['on', 'on'],
  ['2', '2'],
])('%s, for yes or no, is %s, and for a text itself', async (word, meaning) => {
  const environment = { SPACECTL_A: word };
  expect(await givenAnswer('a', onOff, { ...nothing, environment })).toMatchObject({ texts: [meaning] });
  expect(await givenAnswer('a', plain, { ...nothing, environment })).toMatchObject({ texts: [word] });
});

test('a secret itself, in a variable, counts before the file that another variable names', async () => {
  const file = path.join(await temporaryFolder(), 'secret');
  await writeFile(file, ' in the file\n');
  const environment = { SPACECTL_A_FILE: file, SPACECTL_A: ' \n', THEIRS: ' theirs\n' };
  expect(await givenAnswer('a', hidden, { ...nothing, environment })).toEqual({
    texts: ['theirs'],
    origin: 'environment',
    variable: 'THEIRS',
  });
  expect(await givenAnswer('a', hidden, { ...nothing, environment: { ...environment, THEIRS: '' } })).toEqual({
    texts: ['in the file'],
    origin: 'environment',
    variable: 'SPACECTL_A_FILE',
    file,
  });
  expect(isGiven('a', hidden, { ...nothing, flags: { 'a-file': ['-'] } })).toBe(true);
  expect(isGiven('a', hidden, { ...nothing, answersFile: { 'pool.a-file': ['x'] } })).toBe(true);
  expect(isGiven('a', hidden, { ...nothing, flags: { a: ['-'] }, answersFile: { 'pool.a': ['x'] } })).toBe(false);
});

test('what is typed for a file or directory may begin with ~, as in a shell; other texts stay as they are', async () => {
  for (const placeholder of ['FILE', 'DIR']) {
    const input = { ...plain, placeholder } as Input;
    expect(await unwrap(input, ['~/a', '~', '~b', 'a/~/b'])).toEqual({
      texts: [`${homedir()}/a`, homedir(), '~b', 'a/~/b'],
    });
  }
  expect(await unwrap({ ...plain, placeholder: 'NAME' } as Input, ['~/a', ' b '])).toEqual({ texts: ['~/a', ' b '] });
});

test('what is typed for a secret is its file if there is one, and otherwise the secret, without space around it', async () => {
  const file = path.join(await temporaryFolder(), 'secret');
  expect(await unwrap(hidden, [`  ${file} `])).toEqual({ texts: [file] });
  expect(await unwrap(hidden, [])).toEqual({ texts: [] });
  await writeFile(file, '\thush \n');
  expect(await unwrap(hidden, [file])).toEqual({ texts: ['hush'], file });
  await writeFile(file, ' \n');
  await expect(unwrap(hidden, [file])).rejects.toThrow(`${file} is empty: a secret was expected`);
});

test.each([
  [{ kind: 'secret' }, true],
  [{ kind: 'text', placeholder: 'FILE' }, true],
  [{ kind: 'list', placeholder: 'DIR' }, true],
  [{ kind: 'text', placeholder: 'REF|PATH' }, true],
  [{ kind: 'text', placeholder: 'NAME' }, false],
  [{ kind: 'text', placeholder: 'FILENAME' }, false],
  [{ kind: 'text', placeholder: 'SUBDIR' }, false],
  [{ kind: 'text' }, false],
] as const)('the texts of %j name files: %s', (input, expected) => {
  expect(namesFiles(input)).toBe(expected);
});
