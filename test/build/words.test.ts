import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findWords, readRules } from '../../build/words/find.mjs';

const rules = readRules('prose ~ \\bmends?\\b ~ fix\nnames ~ \\bwayBack\\b ~ rollback\n');
const find = (file: string, text: string) => findWords(file, text, rules).map(({ line, words }) => `${line} ${words}`);

test('words to leave are found in comments, strings and templates of code, and names outside of them', () => {
  const source = [
    "import './mend.ts';",
    '// What mends it.',
    'const wayBack = "mend";',
    '/**',
    ' * Mends. wayBack',
    ' */',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template
    'const mend = `to ${mend} or mend`;',
  ].join('\n');
  expect(find('src/core/any.ts', source)).toEqual(['2 mends', '3 mend', '5 Mends', '7 mend', '3 wayBack']);
});

test('only the titles of a test file count as prose', () => {
  const source = "// mend\ntest('mends one', () => expect(x).toBe('mend'));\ntestWith('mend')('mends two');\n";
  expect(find('test/core/any.test.ts', source)).toEqual(['2 mends', '3 mends']);
});

test('pages and templates are prose from end to end', () => {
  expect(find('docs/any.md', 'one\nmend wayBack\n')).toEqual(['2 mend']);
  expect(find('templates/host/any.sh', '# mend\n')).toEqual(['1 mend']);
  expect(find('package-lock.json', 'mend')).toEqual([]);
});

test('every rule of the list can be read, and finds words', async () => {
  const text = await readFile('build/words.txt', 'utf8');
  expect(readRules(text).length).toBeGreaterThan(30);
  const list = readRules(text);
  for (const words of ['Way out: x', 'x is no folder', 'made anew', 'Do it?', 'whoever asks', 'the key ran out']) {
    expect(findWords('docs/any.md', words, list)).toHaveLength(1);
  }
  for (const words of ['there is no folder x', 'it ran out of memory', 'the answer is there.', 'amend it']) {
    expect(findWords('docs/any.md', words, list)).toEqual([]);
  }
});

test('a line that is not a rule is named', () => {
  expect(() => readRules('# words\nprose ~ mend\n')).toThrow('build/words.txt:2');
});
