import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { days, oneLine, seconds, sha256Digest, wholeNumber } from '../../src/step/parsers.ts';

const year = wholeNumber({ least: 2000, most: 2100, meaning: 'a year' });

test.each([
  ['a whole number', wholeNumber(), '007', 7],
  ['the least that is allowed', year, '2000', 2000],
  ['days', days, '30', 30],
  ['days with their unit', days, '30d', 30],
  ['weeks', days, '4w', 28],
  ['a fraction of a second', seconds(10), '0.5', 0.5],
  ['a digest in capitals', sha256Digest, 'AB'.repeat(32), 'ab'.repeat(32)],
  ['text of one line', oneLine, 'Grüße, "x"', 'Grüße, "x"'],
])('%s is read', (_case, parse, text, value) => {
  expect((parse as (text: string) => unknown)(text)).toBe(value);
});

test.each([
  ['a sign', wholeNumber(), '-1', '"-1" is not a whole number'],
  ['a fraction', wholeNumber(), '1.5', '"1.5" is not a whole number'],
  ['an exponent', wholeNumber(), '1e3', '"1e3" is not a whole number'],
  ['nothing', wholeNumber(), '', '"" is not a whole number'],
  ['more than the most', year, '2101', '"2101" is not a year'],
  ['less than the least', year, '1999', '"1999" is not a year'],
  ['an unknown unit', days, '3m', '"3m" is not a time like 30d or 4w'],
  ['no time at all', seconds(10), '0', 'number of seconds'],
  ['too many seconds', seconds(10), '11', 'number of seconds'],
  ['a digest that is cut', sha256Digest, 'ab', '64 hexadecimal digits'],
  ['two lines', oneLine, 'a\nb', 'text on one line'],
])('%s is refused', (_case, parse, text, message) => {
  expect(() => (parse as (text: string) => unknown)(text)).toThrow(UserError);
  expect(() => (parse as (text: string) => unknown)(text)).toThrow(message);
});
