import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchLine } from '../../../../commands/terminal/screen/patch-line.ts';

const ESC = '\u001b';
const PARTS = new RegExp(String.raw`${ESC}\[\d*[CK]|[\s\S]`, 'gu');

/** Applies what a terminal does with the sequences of a patch, for characters of one column. */
function applied(old: string, patch: string): string {
  const cells = [...old];
  let column = 0;
  for (const part of patch.match(PARTS) ?? []) {
    if (part.endsWith('C') && part.length > 1) column += Number(part.slice(2, -1));
    else if (part.startsWith(ESC)) cells.length = Math.min(cells.length, column);
    else cells[column++] = part;
  }
  return cells.join('').trimEnd();
}

test('A patch turns the old line into the new one', () => {
  const line = fc.string({ unit: fc.constantFrom(' ', ' ', 'a', 'b', '❯', '✔', '!') });
  fc.assert(
    fc.property(line, line, (old, next) => {
      expect(applied(old, patchLine(old, next))).toBe(next.trimEnd());
    }),
    { numRuns: 2_000 },
  );
});

test('Moving the marker of a list costs a few bytes', () => {
  const rest = ` subnet ${'-'.repeat(60)} you`;
  expect(Buffer.byteLength(patchLine(`❯ ✔${rest}`, `  ✔${rest}`))).toBeLessThan(12);
});
