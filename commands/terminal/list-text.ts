import { existsSync } from 'node:fs';
import { quoteForShell, quoteIfNeededForPosix } from '../../src/core/text.ts';

/** A word of a line, with quotes or escaped spaces in it, as terminals write the path of a file that is dropped on them. */
const WORD = /(?:'[^']*'|"[^"]*"|\\[\s'"]|[^\s,])+/g;
const QUOTED = /'([^']*)'|"([^"]*)"|\\([\s'"])/g;

/** What stands for an empty list, where Enter alone keeps the present one. */
const NONE = '-';

/** Splits a line into the values of a list: words with spaces or commas between them, or the path of one file. */
export function splitList(line: string): readonly string[] {
  const text = line.trim();
  if (text === '' || text === NONE) return [];
  if (/[\s,]/.test(text) && existsSync(text)) return [text];
  return (text.match(WORD) ?? []).map(unquote);
}

/** Joins values to a line that `splitList` splits into the same. */
export function joinList(values: readonly string[]): string {
  return values
    .map((value) => (value === NONE || value.includes(',') ? quoteForShell(value) : quoteIfNeededForPosix(value)))
    .join(' ');
}

function unquote(word: string): string {
  return word.replace(QUOTED, (_, single = '', double = '', escaped = '') => `${single}${double}${escaped}`);
}
