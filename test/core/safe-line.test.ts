import { expect, test } from 'vitest';
import { toSafeLine } from '../../src/core/safe-line.ts';
import { rememberSecret } from '../../src/core/secrets.ts';

test.each([
  ['several lines become one', 'no\r\n  such\u2028\timage\n', 'no such image'],
  ['colours and control characters are removed', '\u001b[31;1mno\u001b[0m \u0007im\u202eage', 'no im age'],
  ['nothing is left of an empty answer', ' \n\u0000', ''],
])('In the words of a server, %s', (_, text, expected) => {
  expect(toSafeLine(text)).toBe(expected);
});

test('Long words of a server are cut between characters', () => {
  expect(toSafeLine(`${'é'.repeat(9)} 👍👍`, 11)).toBe(`${'é'.repeat(9)} 👍…`);
  expect(toSafeLine('é'.repeat(11), 11)).toBe('é'.repeat(11));
});

test('A secret that lies across the cut leaves nothing behind', () => {
  rememberSecret('canary-of-the-registry');
  expect(toSafeLine(`denied: canary-of-the-registry`, 18)).toBe('denied: [redacted]');
  expect(toSafeLine(`denied: canary-of-the-registry`, 14)).toBe('denied: [redac…');
});
