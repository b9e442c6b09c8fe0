import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { isSystemError, systemErrorCode, UserError } from '../../src/core/errors.ts';

test('an error takes its exit code from its code, and keeps its cause', () => {
  const cause = new Error('inner');
  const error = new UserError('SPACECTL_CANNOT_READ', 'Cannot read x', { cause });
  expect(error.exitCode).toBe(74);
  expect(error.cause).toBe(cause);
  expect(error.suggestions).toEqual([]);
});

test('errors of the system are known by their code, also those for which Node has none', () => {
  const failed = (code: string, errno: number) => Object.assign(new Error(code), { code, errno });
  expect(systemErrorCode(failed('ENOENT', -constants.errno.ENOENT))).toBe('ENOENT');
  const quota = failed(`Unknown system error -${constants.errno.EDQUOT}`, -constants.errno.EDQUOT);
  expect(systemErrorCode(quota)).toBe('EDQUOT');
  expect(isSystemError(quota, 'ENOSPC', 'EDQUOT')).toBe(true);
  expect(isSystemError(quota, 'ENOSPC')).toBe(false);
  expect(systemErrorCode(failed('Unknown system error -99999', -99_999))).toBe('Unknown system error -99999');
  for (const other of [new Error('ENOENT'), { code: 'ENOENT' }, undefined, 'ENOENT']) {
    expect(systemErrorCode(other)).toBeUndefined();
    expect(isSystemError(other, 'ENOENT')).toBe(false);
  }
});
