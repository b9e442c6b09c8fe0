import { execa } from 'execa';
import { expect, test } from 'vitest';
import { inThousands, wordFor } from '../../src/core/words.ts';

test('a word is quoted only where it has to be, and a shell reads it back as it was', async () => {
  expect(wordFor('my-pool/spacelift.key')).toBe('my-pool/spacelift.key');
  expect(wordFor('')).toBe("''");
  for (const text of ["it's my pool", 'a$b `c`', '~', '*', 'ä', 'two\nlines']) {
    const { stdout } = await execa('sh', ['-c', `printf %s ${wordFor(text)}`]);
    expect(stdout).toBe(text);
  }
});

test('a number is grouped by thousands as English has it', () => {
  const numbers = [0, 999, 1000, 217_659, 1_234_567, 12_345_678_901];
  expect(numbers.map(inThousands)).toEqual(numbers.map((number) => number.toLocaleString('en')));
});
