import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';

test('an error takes its exit code from its code, and keeps its cause', () => {
  const cause = new Error('inner');
  const error = new UserError('SPACECTL_CANNOT_READ', 'Cannot read x', { cause });
  expect(error.exitCode).toBe(74);
  expect(error.cause).toBe(cause);
  expect(error.suggestions).toEqual([]);
});
