// `npm run words`: finds words to leave (build/words.txt), and says what to write instead.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { findWords, readRules } from './words/find.mjs';

const FOLDERS = ['bench', 'build', 'commands', 'docs', 'src', 'templates', 'test'];

process.chdir(path.dirname(import.meta.dirname));
const rules = readRules(await readFile('build/words.txt', 'utf8'));
const names = await Promise.all(FOLDERS.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
const files = [...names.flat(), ...(await readdir('.', { withFileTypes: true }))]
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath, entry.name))
  .sort();
const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')]));
const found = texts.flatMap(([file = '', text = '']) => findWords(file, text, rules));

for (const { file, line, words, instead } of found) {
  process.stdout.write(`${file}:${line}: "${words}": write: ${instead}\n`);
}
if (found.length > 0) process.exitCode = 1;
