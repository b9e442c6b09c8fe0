import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitKeys, splitPaste } from '../../../../commands/terminal/reader/keys.ts';

const names = (text: string) => splitKeys(text).keys.map(({ name }) => name);

test.each([
  ['a', ['a']],
  ['\r', ['return']],
  ['\n', ['return']],
  ['\r\n', ['return']],
  ['\u007f\b', ['backspace', 'backspace']],
  ['\u001b[A\u001b[B\u001b[C\u001b[D', ['up', 'down', 'right', 'left']],
  ['\u001bOA\u001bOB', ['up', 'down']],
  ['\u001b[H\u001b[1~\u001b[F\u001b[4~', ['home', 'home', 'end', 'end']],
  ['\u0003\u001a\u0015', ['ctrl-c', 'ctrl-z', 'ctrl-u']],
  ['\u001b\u001b[A', ['escape', 'up']],
  // Alt and a letter, F5, Shift and Up: keys that no prompt of ours knows.
  ['\u001bf\u001b[15~\u001b[1;2A', ['unknown', 'unknown', 'unknown']],
  ['日e\u0301', ['日', 'e\u0301']],
])('%j is read as %j', (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test.each(['\u001b', '\u001b[', '\u001b[1;', '\u001bO', '\u001b[200~half a paste'])('%j may go on', (text) => {
  expect(splitKeys(`a${text}`)).toMatchObject({ keys: [{ name: 'a' }], rest: text });
});

test('A paste is one key, whatever is in it: its line breaks, and no other control characters', () => {
  const paste = '\u001b[200~one\r\ntwo\rthr\u001b[31mee\u0003\u001b[201~x';
  expect(splitKeys(paste).keys).toMatchObject([{ name: 'paste', text: 'one\ntwo\nthr[31mee' }, { name: 'x' }]);
});

test('The first line of a paste is for this prompt, the others for the next ones; a line break at the end is no Enter', () => {
  const [paste] = splitKeys('\u001b[200~one\rtwo\r\u001b[201~').keys;
  if (!paste) throw new Error('no key');
  const { first, more } = splitPaste(paste);
  expect(first.text).toBe('one');
  expect(more.map(({ name, text }) => [name, text])).toEqual([
    ['return', ''],
    ['paste', 'two'],
  ]);
});

test('The keys are the same however the terminal cuts what it sends', () => {
  const sent = fc.array(
    fc.constantFrom(
      'a',
      '日',
      '\r',
      '\u001b[A',
      '\u001bOB',
      '\u001b[3~',
      '\u001b[200~p\u001b[Aq\r\u001b[201~',
      '\u0015',
    ),
  );
  fc.assert(
    fc.property(sent, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (parts, sizes) => {
      const text = parts.join('');
      const received: string[] = [];
      let unfinished = '';
      for (let at = 0; at < text.length; ) {
        const size = sizes.next().value;
        const { keys, rest } = splitKeys(unfinished + text.slice(at, at + size));
        received.push(...keys.map(({ name }) => name));
        unfinished = rest;
        at += size;
      }
      expect([unfinished, received]).toEqual(['', names(text)]);
    }),
  );
});
