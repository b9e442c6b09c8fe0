import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ERROR_CODES, UserError } from '../../src/core/errors.ts';

test('docs/error-codes.md lists every code with its exit code and meaning', async () => {
  const page = await readFile('docs/error-codes.md', 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('SPACECTL_'));
  expect(rows).toEqual(
    Object.entries(ERROR_CODES).map(([code, { exit, meaning }]) => `| ${exit} | \`${code}\` | ${meaning} |`),
  );
});

test('an error takes its exit code from its code, and keeps its cause', () => {
  const cause = new Error('inner');
  const error = new UserError('SPACECTL_CANNOT_READ', 'Cannot read x', { cause });
  expect(error.exitCode).toBe(74);
  expect(error.cause).toBe(cause);
  expect(error.suggestions).toEqual([]);
});
