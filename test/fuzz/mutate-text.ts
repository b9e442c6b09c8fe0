import type { Random } from './random.ts';

/** Characters with a meaning to a parser or a terminal, and characters of several units, directions and cases. */
const CHARACTERS = [
  ...'\0\t\n\r\u001b\u007f\u0085\u00a0\u2028\u2029\u202e\u200b\ufeff\ud800\udc00',
  ...' "\'`\\/|:;,.=-+_*?#%&@!~^<>()[]{}$0189aZéßİıſ𝟘👩',
];

/** Texts that parsers treat specially. */
const WORDS = [
  ...['null', 'true', '-0', '1e999', 'NaN', '__proto__', 'constructor', 'toString', '../../etc', '%00', '%', '\\u0000'],
  ...['\r\n', '\n\n', '"""', '${{', '&a *a', '<<: *a', '!!js/function', '---\n', '0x10', '99999999999999999999', '::1'],
  ...['fe80::1%eth0', '1.2.3.4/33', '*.', 'https://u:p@h', '=?=', '==', '\u0661', '\ud83d', 'a'.repeat(300)],
];

type Change = (text: string, random: Random, other: string) => string;

const CHANGES: readonly Change[] = [
  (text, random) => spliced(text, random, 0, character(random)),
  (text, random) => spliced(text, random, 1, character(random)),
  (text, random) => spliced(text, random, random.size(text.length), ''),
  (text, random) => spliced(text, random, random.size(4), random.pick(WORDS)),
  (text, random) => spliced(text, random, 0, character(random).repeat(random.size(3000))),
  (text, random) => text.slice(0, random.below(text.length + 1)),
  (text, random, other) => {
    const start = random.below(other.length + 1);
    return spliced(text, random, random.size(8), other.slice(start, start + random.size(other.length)));
  },
  (text, random) => {
    const start = random.below(text.length + 1);
    const repeated = text.slice(start, start + random.size(40));
    return spliced(text, random, 0, repeated.repeat(random.size(500)));
  },
  (text, random) => text.replace(random.pick([/\n/g, /[:=]/g, /[a-z]/gi, /\d+/]), () => character(random)),
];

/** Changes a text in one to six places: control characters, long runs, unicode, parts missing, repeated or exchanged. */
export function mutateText(seed: string, random: Random, other: string): string {
  let text = seed;
  for (let left = 1 + random.size(5); left > 0; left--) text = random.pick(CHANGES)(text, random, other);
  return text.slice(0, 300_000);
}

/** Returns a character that a parser may not expect. */
export function character(random: Random): string {
  return random.isOnceIn(4) ? String.fromCodePoint(random.below(0x3000)) : random.pick(CHARACTERS);
}

function spliced(text: string, random: Random, removed: number, inserted: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + inserted + text.slice(at + removed);
}
