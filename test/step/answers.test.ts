import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAnswers, readAnswers } from '../../src/step/answers.ts';
import { ask } from '../../src/step/ask.ts';
import { type Inputs, list, optionalText, secret, text, yesNo } from '../../src/step/input.ts';
import { temporaryFolder } from '../services/temporary.ts';

const parse = (value: string) => value;
const inputs: Inputs = {
  name: text({ summary: 'Name', parse }),
  bits: text({ summary: 'Bits', default: '4096', parse }),
  ca: list({ summary: 'CA', parse }),
  offline: yesNo({ summary: 'Offline' }),
  token: secret({ summary: 'Token', parse }),
  'pool-id': optionalText({ summary: 'Pool', key: 'worker-pool', parse }),
};

async function reading(content: string, others?: ReadonlySet<string>) {
  const file = path.join(await temporaryFolder(), 'answers');
  await writeFile(file, content);
  return readAnswers(file, inputs, others);
}

test('an input with a key of its own is read by that key, not by the name of its flag', async () => {
  expect(await reading('worker-pool: x\n')).toEqual({ 'worker-pool': ['x'] });
  await expect(reading('pool-id: x\n')).rejects.toThrow('"pool-id" is not an answer');
});

test('an answers file is read the same as YAML and as JSON', async () => {
  const expected = { name: ['a'], bits: ['2048'], ca: ['x', 'y'], offline: ['true'], 'token-file': ['-'] };
  expect(await reading('name: a\nbits: 2048\nca: [x, y]\noffline: true\ntoken-file: "-"\n')).toEqual(expected);
  expect(await reading('{"name":"a","bits":2048,"ca":["x","y"],"offline":true,"token-file":"-"}')).toEqual(expected);
});

test('a value is the text it is written as, and a word for yes in any case is one', async () => {
  const content = 'name: 1.10\nbits: 012\nca: [1_000, 0x1F, no]\noffline: TRUE\n';
  const answersFile = await reading(content);
  expect(answersFile).toMatchObject({ name: ['1.10'], bits: ['012'], ca: ['1_000', '0x1F', 'no'] });
  expect((await ask(inputs, { flags: {}, environment: {}, answersFile })).values).toMatchObject({ offline: true });
});

test('answers for other commands are passed over', async () => {
  expect(await reading('name: a\npool: create\n', new Set(['pool']))).toEqual({ name: ['a'] });
});

test('a file with nothing in it answers nothing', async () => {
  expect(await reading('# nothing yet\n')).toEqual({});
});

test.each([
  ['an unknown key, with the nearest name', 'nmae: a\n', 'did you mean "name"?'],
  ['a secret written out', 'token: abc\n', '"token" is not an answer'],
  ['several values for one', 'name: [a, b]\n', 'name takes one value'],
  ['a mapping for a value', 'name: {a: b}\n', 'name holds a mapping'],
  ['a key without a value', 'name:\n', 'name holds nothing'],
  ['a list instead of a mapping', '- a\n', 'not a mapping'],
  ['a key given twice', 'name: a\nname: b\n', 'unique'],
  ['an alias of nothing', 'name: *x\n', 'x'],
  ['what is not YAML', 'name: "a\n', 'line 2'],
])('an answers file is refused with what is wrong: %s', async (_case, content, message) => {
  const error = await reading(content).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'SPACECTL_BAD_ANSWERS', exitCode: 78 });
  expect((error as Error).message).toContain(message);
});

test('saved answers, read again, give the same values; secrets and defaults are left out', async () => {
  const flags = { name: ['no: "yes"\n#'], ca: ['1', 'true'], offline: ['true'] };
  const environment = { SPACECTL_TOKEN: 'hush' };
  const answered = await ask(inputs, { flags, environment, answersFile: {} });
  const saved = formatAnswers(inputs, answered);
  expect(saved).not.toContain('hush');
  expect(saved).not.toContain('bits');
  const again = await ask(inputs, { flags: {}, environment, answersFile: await reading(saved) });
  expect(again.values).toEqual(answered.values);
});

test('a URL with a login in it is not saved', async () => {
  const flags = { name: ['http://user:hush@proxy:3128'], ca: ['a', 'HTTPS_PROXY=https://user:hush@proxy', 'b'] };
  const saved = formatAnswers(inputs, await ask(inputs, { flags, environment: {}, answersFile: {} }));
  expect(saved).not.toContain('hush');
  expect(await reading(saved)).toEqual({ ca: ['a', 'b'] });
});

/** Texts with much of what has a meaning in YAML. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\n\t :#-"\'{}[]&*!|>%@`,?~0.etruon'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});

test('whatever the answers are, the saved file gives the same ones', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'answers');
  await fc.assert(
    fc.asyncProperty(anyText, fc.array(anyText), fc.boolean(), async (name, ca, offline) => {
      const flags = { name: [name], ca, offline: [String(offline)] };
      const answered = await ask(inputs, { flags, environment: {}, answersFile: {} });
      await writeFile(file, formatAnswers(inputs, answered));
      const again = await ask(inputs, { flags: {}, environment: {}, answersFile: await readAnswers(file, inputs) });
      expect(again.values).toEqual(answered.values);
    }),
    { examples: [[' \n', [], false]] },
  );
});
