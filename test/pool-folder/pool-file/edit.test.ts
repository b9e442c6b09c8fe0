import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePoolFile } from '../../../src/pool-folder/pool-file/document.ts';
import { type Edit, editPoolFile } from '../../../src/pool-folder/pool-file/edit.ts';
import { readWithVersion } from '../../services/read-yaml.ts';

function edited(text: string, section: string, key: string, value: Edit['value']): string | undefined {
  return editPoolFile(parsePoolFile(Buffer.from(text), 'f'), { section, key, value })?.text;
}

test.each<[string, string, Edit['value'], string]>([
  ['a new file', '# first\n', 'x', '# first\npool:\n  name: x\n'],
  ['a new section', 'key:\n  bits: 2048 # enough\n', 'x', 'key:\n  bits: 2048 # enough\n\npool:\n  name: x\n'],
  ['a new key', 'pool:\n    id: 1 # mine\n\nkey: {}\n', 'x', 'pool:\n    id: 1 # mine\n    name: x\n\nkey: {}\n'],
  ['a value, beside its comment', 'pool:\n  name:   a  # why\n  id: 1\n', 'b', 'pool:\n  name:   b  # why\n  id: 1\n'],
  ['what is commented out', 'pool:\n  # name: old\n', 'x', 'pool:\n  name: x\n  # name: old\n'],
  ['JSON', '{"pool": {"id": "1"}}', 'x', '{"pool": {"id": "1", "name": "x"}}'],
  ['JSON without the section', '{}', ['a', 'b'], '{"pool": {"name": ["a", "b"]}}'],
  ['lines of DOS', 'pool:\r\n  id: 1\r\n', 'x', 'pool:\r\n  id: 1\r\n  name: x\r\n'],
  ['no last line end', 'pool:\n  id: 1', 'x', 'pool:\n  id: 1\n  name: x\n'],
  ['a block of text', 'pool:\n  name: |\n    a\n    b\n  id: 1\n', 'x', 'pool:\n  name: x\n  id: 1\n'],
  ['a list', 'pool: {id: 1}\n', ['a'], 'pool: {id: 1, "name": ["a"]}\n'],
  ['a list behind a key', 'pool:\n  id: 1\n', ['a', '1.0'], 'pool:\n  id: 1\n  name:\n    - a\n    - "1.0"\n'],
  [
    'items that are kept, with their comments',
    'pool:\n  name:\n  # all\n  - a # one\n  - b # two\n  - c\n  id: 1\n',
    ['a', 'c', 'd'],
    'pool:\n  name:\n  # all\n  - a # one\n  - c\n  - d\n  id: 1\n',
  ],
  ['a list in flow', 'pool:\n  name: [a, b] # both\n', ['b'], 'pool:\n  name: ["b"] # both\n'],
  ['a value where a list comes', 'pool:\n  name: a\n', ['a', 'b'], 'pool:\n  name: [a, b]\n'],
  ['nothing, for a value', 'pool:\n  name: a # gone\n  id: 1\n', undefined, 'pool:\n  id: 1\n'],
  ['nothing, for a list', 'pool:\n  id: 1\n  name:\n    - a\n    - b\nkey: {}\n', [], 'pool:\n  id: 1\nkey: {}\n'],
  ['nothing, for all of a section', 'a: {}\n\npool:\n  name: a\n\nkey: {}\n', undefined, 'a: {}\n\nkey: {}\n'],
  ['nothing, for all of the last section', 'a: {}\n\npool:\n  name: a\n', undefined, 'a: {}\n\n'],
  ['nothing, under a comment', 'pool:\n  # mine\n  name: a\n', undefined, 'pool:\n  # mine\n'],
  ['nothing, above a comment', 'pool:\n  name: a\n  # id: b\nkey: {}\n', undefined, 'pool:\n  # id: b\nkey: {}\n'],
  ['nothing, beside the comment of the section', 'pool: # why\n  name: a\n', undefined, 'pool: # why\n'],
  ['yes', 'pool:\n  name: no\n', true, 'pool:\n  name: true\n'],
  ['what is the same already', 'pool: {name:   "a"}', 'a', 'pool: {name:   "a"}'],
  ['an empty list where there is none', 'pool:\n  id: 1\n', [], 'pool:\n  id: 1\n'],
])('only the value’s own lines change: %s', (_case, text, value, expected) => {
  expect(edited(text, 'pool', 'name', value)).toBe(expected);
});

test('what cannot be edited without changing more is left to the user', () => {
  expect(edited('pool:\n  name: {a: b}\n', 'pool', 'name', 'x')).toBeUndefined();
  expect(edited('pool: {name: a}\n', 'pool', 'name', undefined)).toBeUndefined();
  expect(edited('pool: [a]\n', 'pool', 'name', 'x')).toBeUndefined();
});

/** Values with what means something in YAML. */
const anyValue = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\n\t :#-"\'{}[]&*!|>%@`,?~0.etruon=<'),
    fc.constantFrom('\u0085', '\u2028', '\ufeff', '\u007f', 'null', 'yes', '1.10', '0x1', '2024-01-01', '12:30'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 20,
});
const comment = fc.constantFrom('', ' # why', '  #  two  words');
const name = fc.constantFrom('a', 'b', 'c-d');
const leaf = fc.constantFrom(
  'x',
  '1',
  '"q: r"',
  "'it''s'",
  '[p, "q"]',
  '|\n      two\n      lines',
  '>-\n      a\n      b',
  '~',
  '{}',
);
const items = fc.array(fc.tuple(fc.constantFrom('one', '"two"', "'3'"), comment), { minLength: 1, maxLength: 3 });

/** One section as a person might write it. */
const section = fc
  .tuple(
    name,
    comment,
    fc.uniqueArray(fc.tuple(name, fc.oneof(leaf, items), comment), { selector: ([key]) => key, maxLength: 3 }),
    fc.constantFrom('', '\n', '  # name: commented out\n', '# between\n\n'),
  )
  .map(([title, remark, keys, end]) => {
    const lines = keys.map(([key, value, note]) => {
      if (typeof value !== 'string')
        return `  ${key}:${note}\n${value.map(([each, why]) => `    - ${each}${why}\n`).join('')}`;
      return value.includes('\n') ? `  ${key}: ${value}\n` : `  ${key}: ${value}${note}\n`;
    });
    return [title, `${title}:${remark}\n${lines.join('')}${end}`] as const;
  });
const file = fc
  .tuple(
    fc.constantFrom('', '# yaml-language-server: $schema=s\n', '# note\n\n'),
    fc.uniqueArray(section, { selector: ([title]) => title, maxLength: 3 }),
  )
  .map(([start, sections]) => start + sections.map(([, text]) => text).join(''));

test('in any file a value is set as it is, and everything else stays: the values and the comments', () => {
  let count = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      file,
      name,
      name,
      fc.oneof(anyValue, fc.boolean(), fc.array(anyValue, { maxLength: 3 }), fc.constant(undefined)),
      (text, title, key, value) => {
        const before = parsePoolFile(Buffer.from(text), 'f');
        const after = editPoolFile(before, { section: title, key, value });
        count += 1;
        if (!after) {
          refused += 1;
          return;
        }
        const read = readWithVersion(after.text, '1.2') as Record<string, Record<string, unknown> | null> | null;
        const got = read?.[title]?.[key];
        if (value === undefined || (Array.isArray(value) && value.length === 0))
          expect(got ?? undefined).toBeUndefined();
        else expect([got].flat().map(String)).toEqual([value].flat().map(String));
        const gone = Array.isArray(value) || value === undefined;
        // A comment beside an item or a key that is gone goes with it.
        if (gone || /^ {4}- /m.test(text)) return;
        // The value that is set may have a # in its quotes; before, none has.
        const linesWith = (comment: string, each: string) =>
          each.split('\n').filter((line) => line.endsWith(comment)).length;
        for (const [comment] of text.matchAll(/#.*$/gm))
          expect([comment, linesWith(comment, after.text)]).toEqual([comment, linesWith(comment, text)]);
      },
    ),
    { numRuns: 1500 },
  );
  expect(refused / count).toBeLessThan(0.15);
});
