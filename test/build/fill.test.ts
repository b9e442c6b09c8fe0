import { expect, test } from 'vitest';
import { fillLists, table } from '../../build/reference/fill.ts';

const block = (name: string, text: string) => `<!-- generated: ${name} (npm run docs) -->\n${text}\n<!-- end -->\n`;

test('a generated list replaces what stands between its markers, and nothing else', async () => {
  const page = `before\n${block('one', 'old\n\nlines')}between $&\n${block('two', '')}after\n`;
  const filled = await fillLists(page, { one: () => 'a $& b', two: async () => 'c' });
  expect(filled).toBe(`before\n${block('one', '\na $& b\n')}between $&\n${block('two', '\nc\n')}after\n`);
  expect(await fillLists(filled, { one: () => 'a $& b', two: () => 'c' })).toBe(filled);
});

test.each([
  ['an unknown list', block('three', ''), 'no list is named "three"'],
  ['a marker without its end', block('one', '').replace('<!-- end -->', ''), 'markers do not come in pairs'],
  ['a marker with another form', block('one', '').replace(' (npm run docs)', ''), 'markers do not come in pairs'],
])('a page with %s is refused', async (_name, page, message) => {
  await expect(fillLists(page, { one: () => '' })).rejects.toThrow(message);
});

test('a cell of a generated table cannot end its column', () => {
  expect(table(['a'], [['b|c']])).toBe('| a |\n| --- |\n| b\\|c |');
});
