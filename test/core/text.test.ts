import { execa } from 'execa';
import { expect, test } from 'vitest';
import { formatCount, quoteIfNeeded, withoutTrailing } from '../../src/core/text.ts';

test('quotes a text only if it needs quotes, and a shell reads the same text back', async () => {
  expect(quoteIfNeeded('my-pool/spacelift.key')).toBe('my-pool/spacelift.key');
  expect(quoteIfNeeded('')).toBe("''");
  for (const text of ["it's my pool", 'a$b `c`', '~', '*', 'ä', 'two\nlines']) {
    const { stdout } = await execa('sh', ['-c', `printf %s ${quoteIfNeeded(text)}`]);
    expect(stdout).toBe(text);
  }
});

test('formats a count with thousands separators, as English does', () => {
  const numbers = [0, 999, 1000, 217_659, 1_234_567, 12_345_678_901];
  expect(numbers.map(formatCount)).toEqual(numbers.map((number) => number.toLocaleString('en')));
});

test('removes a character from the end of a text only', () => {
  const texts = ['', '/', '//', 'a', '/a//b//'];
  expect(texts.map((text) => withoutTrailing(text, '/'))).toEqual(['', '', '', 'a', '/a//b']);
});
