import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readPoolAnswers, readPoolFile } from '../../../src/pool-folder/pool-file/index.ts';
import { type Inputs, inSection, list, optionalText, secret, text, yesNo } from '../../../src/step/input.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const parse = (value: string) => value;
const inputs: Inputs = {
  ...inSection('pool', {
    name: text({ summary: 'Name', parse }),
    'pool-id': optionalText({ summary: 'Pool', parse }),
    pool: optionalText({ summary: 'Source', key: 'source', parse }),
    token: secret({ summary: 'Token', placeholder: 'FILE', parse }),
  }),
  ...inSection('bundle', {
    ca: list({ summary: 'CA', placeholder: 'FILE', parse }),
    image: optionalText({ summary: 'Image', placeholder: 'REF|PATH', parse }),
    offline: yesNo({ summary: 'Offline' }),
  }),
  dir: text({ summary: 'Directory', section: null, parse }),
};
const flags = {
  'pool.name': 'name',
  'pool.id': 'pool-id',
  'pool.source': 'pool',
  'bundle.ca': 'ca',
  'hosts.env': 'env',
  'terraform-aws.region': 'region',
  'account.api-key-secret-file': 'api-key-secret-file',
};
const known = async () => ({ flags: new Map(Object.entries(flags)), secrets: new Set(['token', 'api-key-secret']) });

async function reading(content: string | Uint8Array) {
  const file = path.join(await temporaryFolder(), 'answers');
  await writeFile(file, content);
  return readPoolAnswers(file, { inputs, known });
}

test('a file is read the same as YAML and as JSON; each value is the text it is written as', async () => {
  const answers = { 'pool.name': ['1.10'], 'bundle.offline': ['true'], 'pool.id': ['012'] };
  expect((await reading('pool: {name: 1.10, id: 012}\nbundle:\n  offline: true\n')).answers).toEqual(answers);
  const json = '{"pool": {"name": "1.10", "id": "012"}, "bundle": {"offline": true}}';
  expect((await reading(json)).answers).toEqual(answers);
});

test('paths are relative to the file; the name of an image is not one unless it begins with a dot', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'pool'));
  const content = 'pool: {token-file: ../token}\nbundle:\n  ca: [ca.pem, /etc/ca.pem, "-"]\n  image: ./runner.tar:v1\n';
  await writeFile(path.join(folder, 'pool/spacectl.yaml'), content);
  const dir = path.relative('', path.join(folder, 'pool'));
  expect((await readPoolFile(dir, { inputs, known })).answers).toEqual({
    'pool.token-file': [path.join(dir, '../token')],
    'bundle.ca': [path.join(dir, 'ca.pem'), '/etc/ca.pem', '-'],
    'bundle.image': [path.join(dir, 'runner.tar:v1')],
  });
  expect((await reading('bundle: {image: registry.example.com/runner}')).answers).toEqual({
    'bundle.image': ['registry.example.com/runner'],
  });
});

test('one value may stand for a list, and an empty section says nothing; without a file nothing is said', async () => {
  expect((await reading('bundle: {ca: /ca.pem}\npool:\n')).answers).toEqual({ 'bundle.ca': ['/ca.pem'] });
  expect((await reading('# nothing yet\n')).answers).toEqual({});
  expect(await readPoolFile(await temporaryFolder(), { inputs, known })).toEqual({ answers: {}, warnings: [] });
});

test('what other commands read is passed over, the user’s own keys are too, and what nothing reads is told', async () => {
  const content =
    'hosts: {env: [A=b]}\nx-mine: {a: 1}\npool: {x-note: hi, name: a, completely-different: 1}\nelsewhere: 1\n';
  const { answers, warnings } = await reading(content);
  expect(answers).toEqual({ 'pool.name': ['a'] });
  expect(warnings).toEqual([
    expect.stringMatching(/answers: unknown key pool\.completely-different, ignored$/),
    expect.stringMatching(/answers: unknown key elsewhere, ignored$/),
  ]);
});

test.each([
  ['a mistyped key, with the nearest', 'pool: {nmae: a}\n', 'unknown key pool.nmae; did you mean pool.name?'],
  ['a key in the wrong section', 'hosts: {region: a}\n', 'did you mean terraform-aws.region?'],
  ['a flag that repeats the section', 'pool: {pool-id: a}\n', 'unknown key pool.pool-id; did you mean pool.id?'],
  ['a flag that is named as the section', 'pool: {pool: a}\n', 'unknown key pool.pool; did you mean pool.source?'],
  ['a secret', 'account: {api-key-secret: hush}\n', 'name its file in account.api-key-secret-file'],
  ['a secret that is never in it', 'pool: {token: hush}\n', 'is a secret, which does not belong in this file; pass'],
  ['a URL with a password', 'hosts: {env: ["P=http://me:hush@proxy"]}\n', 'hosts.env is a URL with a user name'],
  ['a section that is a value', 'pool: a\n', '"pool" is not a section'],
  ['a key in no section', 'region: a\n', 'unknown key region; did you mean terraform-aws.region?'],
  [
    'a secret in no section',
    'token: hush\n',
    'token is a secret, which does not belong in this file; pass --token-file',
  ],
  ['several values for one', 'pool: {name: [a, b]}\n', 'pool.name takes one value, not a list'],
  ['a mapping for a value', 'pool: {name: {a: b}}\n', 'pool.name holds a mapping'],
  ['a key without a value', 'pool:\n  name:\n', 'pool.name holds nothing'],
  ['a list instead of a mapping', '- a\n', 'not a mapping of sections'],
  ['a key given twice', 'pool: {name: a, name: b}\n', 'unique'],
  ['an anchor', 'pool: &a\n  name: x\n', '&a is an anchor (line 2)'],
  ['an alias', 'x-a: &a b\npool: {name: *a}\n', '&a is an anchor (line 1)'],
  ['a tag', 'pool:\n  name: !!str 1\n', 'is a tag (line 2)'],
  ['several documents', 'pool: {name: a}\n---\npool: {name: b}\n', 'several documents'],
  ['a key that is no text', '? [a]\n: b\n', 'a key is not plain text'],
  ['what is not YAML', 'pool: "a\n', 'line 2'],
  ['what is not UTF-8', Buffer.from([0x70, 0x3a, 0x20, 0xff]), 'not UTF-8'],
])('a file is refused with what is wrong: %s', async (_case, content, message) => {
  const error = await reading(content).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'SPACECTL_BAD_ANSWERS', exitCode: 78 });
  expect((error as Error).message).toContain(message);
  expect(String(error)).not.toContain('hush');
});
