import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinList, splitList } from '../../../commands/terminal/list-text.ts';

test.each([
  ['', []],
  ['-', []],
  ['one.pem', ['one.pem']],
  ['one.pem two.pem', ['one.pem', 'two.pem']],
  ['sg-1,sg-2, sg-3', ['sg-1', 'sg-2', 'sg-3']],
  // As terminals write the path of a file that is dropped on them.
  [`'/tmp/a b.pem' "c d.pem" /tmp/e\\ f.pem `, ['/tmp/a b.pem', 'c d.pem', '/tmp/e f.pem']],
  ["it's.pem", ["it's.pem"]],
  ['C:\\certs\\corp.pem', ['C:\\certs\\corp.pem']],
])('%j is read as %j', (line, expected) => {
  expect(splitList(line)).toEqual(expected);
});

test('A path with a space that exists needs no quotes', () => {
  expect(splitList('test/fixtures')).toEqual(['test/fixtures']);
  expect(splitList(`${import.meta.filename}`)).toEqual([import.meta.filename]);
});

test('Whatever the values are, their line is read as the same values', () => {
  const values = fc.array(fc.string({ unit: fc.constantFrom('a', '-', ' ', ',', "'", '"', '\\', '日'), minLength: 1 }));
  fc.assert(
    fc.property(values, (all) => {
      expect(splitList(joinList(all))).toEqual(all);
    }),
  );
});
