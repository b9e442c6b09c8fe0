// `npm run words`: finds words to leave (build/words.txt), and says what to write instead.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beyondBaseline, countByFile, readBaseline } from './words/baseline.mjs';
import { findWords, readRules } from './words/find.mjs';

const BASELINE = 'build/words-baseline.txt';
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

if (process.argv.includes('--write-baseline')) {
  const lines = [...countByFile(found)].map(([file, count]) => `${file} ${count}\n`);
  await writeFile(BASELINE, lines.sort().join(''));
} else {
  const reported = beyondBaseline(found, await readBaseline(BASELINE));
  for (const { file, line, words, instead } of reported) {
    process.stdout.write(`${file}:${line}: "${words}": write: ${instead}\n`);
  }
  if (reported.length > 0) process.exitCode = 1;
}
