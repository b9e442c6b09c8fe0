import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableJson, printableLines, printableValues } from '../../../commands/terminal/printable.ts';

test.each([
  ['a line break', 'x\nCode: OK\r\n', String.raw`x\nCode: OK\r\n`],
  ['a command of the terminal', '\u001b]0;title\u0007', String.raw`\u{1b}]0;title\u{7}`],
  ['a control of eight bits', '\u009b2J', String.raw`\u{9b}2J`],
  ['a change of direction', 'txt.\u202eexe', String.raw`txt.\u{202e}exe`],
  ['an invisible character', 'ad\u200bmin\u{e0061}', String.raw`ad\u{200b}min\u{e0061}`],
  ['line ends of Unicode', '\u2028\u2029', String.raw`\u{2028}\u{2029}`],
])('%s becomes visible', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('Letters of all languages stay', () => {
  const text = 'Zoë, 株式会社, مثال, 🔑';
  expect(printable(text)).toBe(text);
});

test('Text of several lines keeps them, and documents keep what is not text', () => {
  expect(printableLines('a\u0000\nb')).toBe('a\\u{0}\nb');
  const date = new Date(0);
  expect(printableValues({ list: ['\n', 1], date, none: null })).toEqual({ list: ['\\n', 1], date, none: null });
});

test('A JSON document says the same to a parser, in characters that are safe to show', () => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
      const document = { json: JSON.parse(json), text, [text]: '\u202e\u{e0061}' };
      const shown = printableJson(document, 2);
      expect(JSON.parse(shown)).toEqual(document);
      expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }),
  );
});
