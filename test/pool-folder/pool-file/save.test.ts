import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withSecretsIgnored } from '../../../src/pool-folder/pool-file/gitignore.ts';
import { chosenAnswers, readPoolFile, saveAnswers } from '../../../src/pool-folder/pool-file/index.ts';
import { ask } from '../../../src/step/ask.ts';
import { type Inputs, inSection, list, optionalText, secret, text, yesNo } from '../../../src/step/input.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const parse = (value: string) => value;
const inputs: Inputs = inSection('bundle', {
  name: text({ summary: 'Name', default: 'a', parse }),
  env: list({ summary: 'Variables', parse }),
  ca: list({ summary: 'CA', placeholder: 'FILE', parse }),
  image: optionalText({ summary: 'Image', placeholder: 'REF|PATH', parse }),
  offline: yesNo({ summary: 'Offline' }),
  token: secret({ summary: 'Token', placeholder: 'FILE', parse }),
  passing: optionalText({ summary: 'Passing', section: null, parse }),
});

const saving = (dir: string, name: string, ...texts: readonly string[]) => {
  const input = inputs[name];
  if (!input) throw new Error(name);
  return saveAnswers(dir, [{ name, input, texts }]);
};
const known = async () => ({ flags: new Map(), secrets: new Set<string>() });
const contentOf = (dir: string) => readFile(path.join(dir, 'spacectl.yaml'), 'utf8');

test('one answer is saved at once, in a folder that is made for it; the file names its schema', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await saving(dir, 'name', 'x');
  expect(await contentOf(dir)).toBe('# yaml-language-server: $schema=spacectl.schema.json\nbundle:\n  name: x\n');
  expect(await readdir(dir)).toEqual(['spacectl.yaml']);
  const { mtimeMs } = await stat(path.join(dir, 'spacectl.yaml'));
  await saving(dir, 'name', 'x');
  expect((await stat(path.join(dir, 'spacectl.yaml'))).mtimeMs).toBe(mtimeMs);
});

test('paths are saved relative to the file and read again as they were meant; what does not last is not saved', async () => {
  const folder = await temporaryFolder();
  const dir = path.relative('', path.join(folder, 'pool'));
  await mkdir(dir);
  await writeFile(path.join(folder, 'image.tar'), '');
  const ca = [path.relative('', path.join(folder, 'ca.pem')), path.join(dir, 'in.pem'), '/etc/ca.pem'];
  await saving(dir, 'ca', ...ca, '-', '/dev/fd/63');
  await saving(dir, 'image', `${path.relative('', path.join(folder, 'image.tar'))}:v1`);
  expect(await contentOf(dir)).toContain('  ca:\n    - ../ca.pem\n    - in.pem\n    - /etc/ca.pem\n  image: ');
  expect(await contentOf(dir)).toContain('../image.tar:v1');
  const { answers } = await readPoolFile(dir, { inputs, known });
  expect(answers['bundle.ca']?.map((each) => path.resolve(each))).toEqual(ca.map((each) => path.resolve(each)));
  await saving(dir, 'image', '-:v1');
  expect(await contentOf(dir)).toContain('../image.tar:v1');
});

test('no secret is saved: a secret’s file is, a URL with a login is withheld and told', async () => {
  const dir = await temporaryFolder();
  const token = path.join(dir, 'token');
  await writeFile(token, 'hush\n');
  const flags = { env: ['A=b', 'P=https://user:hush@proxy'], 'token-file': [token], passing: ['hush'] };
  const answered = await ask(inputs, { flags, environment: { SPACECTL_NAME: 'x' }, answersFile: {} });
  expect(await saveAnswers(dir, chosenAnswers(inputs, answered))).toEqual(['bundle.env']);
  expect(await contentOf(dir)).not.toContain('hush');
  const { answers } = await readPoolFile(dir, { inputs, known });
  expect(answers).toEqual({
    'bundle.name': ['x'],
    'bundle.env': ['A=b'],
    'bundle.token-file': [token],
  });
});

test('defaults and what is saved already are not written; an empty answer takes nothing away', async () => {
  const dir = await temporaryFolder();
  const file = path.join(dir, 'spacectl.yaml');
  const content = 'bundle: {ca: [a.pem], env: [A=b]} # mine\n';
  await writeFile(file, content);
  const readSaved = async () => (await readPoolFile(dir, { inputs, known })).answers;
  const withDir = { dir: text({ summary: 'Directory', section: null, parse }), ...inputs };
  const answered = await ask(withDir, { flags: { dir: [dir] }, environment: {}, answersFile: {} }, { readSaved });
  expect(answered.values['ca']).toEqual([path.relative('', path.join(dir, 'a.pem'))]);
  await saveAnswers(dir, chosenAnswers(withDir, answered));
  expect(await readFile(file, 'utf8')).toBe(content);
});

test('a file that cannot be edited is left as it is, and the line to add is told', async () => {
  const dir = await temporaryFolder();
  await writeFile(path.join(dir, 'spacectl.yaml'), 'bundle: text\n');
  await expect(saving(dir, 'name', 'x')).rejects.toMatchObject({
    code: 'SPACECTL_BAD_ANSWERS',
    suggestions: [{ text: 'Add to it by hand: name: x' }],
  });
  expect(await contentOf(dir)).toBe('bundle: text\n');
});

test('a .gitignore keeps its lines, gets what is missing once, and files that the usual lines do not name', () => {
  const mine = 'mine\nsecrets.env';
  const once = withSecretsIgnored(mine, ['systemd/secrets.env', 'cloud-init.yaml']);
  expect(once.startsWith(`${mine}\n`)).toBe(true);
  expect(once.split('\n').filter((line) => line === 'secrets.env')).toHaveLength(1);
  expect(once).toContain('\nspacelift.key*\n');
  expect(once).toContain('\n/cloud-init.yaml\n');
  expect(once).not.toContain('systemd');
  expect(withSecretsIgnored(once, ['cloud-init.yaml'])).toBe(once);
});
