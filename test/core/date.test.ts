import { expect, test } from 'vitest';
import { dateFrom } from '../../src/core/date.ts';

test('A time is a date if it can be formatted with a year of four digits', () => {
  expect(dateFrom(0)?.toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(dateFrom('2024-01-02T03:04:05Z')?.toISOString()).toBe('2024-01-02T03:04:05.000Z');
  expect(dateFrom('9999-12-31T23:59:59.999Z')?.toISOString()).toBe('9999-12-31T23:59:59.999Z');
  expect(dateFrom('0001-01-01T00:00:00Z')?.toISOString()).toBe('0001-01-01T00:00:00.000Z');
});

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e300,
  '',
  'tomorrow',
  '+010000-01-01T00:00:00Z',
  '0000-12-31T00:00:00Z',
  '-000001-01-01T00:00:00Z',
])('%s is no date that can be shown', (time) => {
  expect(dateFrom(time)).toBeUndefined();
});
