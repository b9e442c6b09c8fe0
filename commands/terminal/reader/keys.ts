import { withoutTrailing } from '../../../src/core/text.ts';

/** A key, a whole paste, or `resize` and `resume`: everything that a prompt reacts to. */
export interface Key {
  /** `up`, `return`, `escape`, a letter, `ctrl-u`, `paste`, `resize`, `resume`; the text itself for other characters. */
  readonly name: string;
  /** What it types; empty for keys that type nothing. */
  readonly text: string;
  /** The bytes that the terminal sent for it, for a prompt with a decoder of its own. */
  readonly sequence: string;
}

/** The keys of the Inquirer prompts and of ours, by what xterm sends for them ("XTerm Control Sequences", PC-style keys). */
const NAMES: Readonly<Record<string, string>> = {
  '\r': 'return',
  '\n': 'return',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u001b': 'escape',
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[C': 'right',
  '\u001bOC': 'right',
  '\u001b[D': 'left',
  '\u001bOD': 'left',
  '\u001b[H': 'home',
  '\u001bOH': 'home',
  '\u001b[1~': 'home',
  '\u001b[F': 'end',
  '\u001bOF': 'end',
  '\u001b[4~': 'end',
  '\u001b[3~': 'delete',
  '\u001b[5~': 'pageup',
  '\u001b[6~': 'pagedown',
};

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

const ESC = String.raw`\u001b`;

/** One key: CSI and SS3 sequences (ECMA-48, 5.4), Alt with a character, or a character with what combines with it. */
const ONE_KEY = new RegExp(
  String.raw`${ESC}\[[0-?]*[ -/]*[@-~]|${ESC}O[ -~]|${ESC}[^${ESC}\[O]|\r\n|\P{M}\p{M}*|\p{M}`,
  'u',
);
/** An escape sequence that has only begun. */
const BEGUN = new RegExp(String.raw`^${ESC}(?:\[[0-?]*[ -/]*|O)?$`);

/** The keys in what a terminal sent, and the end of it that is not complete yet. */
export interface SplitKeys {
  readonly keys: readonly Key[];
  readonly rest: string;
}

/** Splits what a terminal sent into keys. A paste is one key, whatever is in it, if the terminal marks it. */
export function splitKeys(text: string): SplitKeys {
  const keys: Key[] = [];
  let rest = text;
  while (rest !== '' && !BEGUN.test(rest)) {
    if (rest.startsWith(PASTE_START)) {
      const end = rest.indexOf(PASTE_END);
      if (end < 0) break;
      keys.push(pasteOf(rest.slice(PASTE_START.length, end)));
      rest = rest.slice(end + PASTE_END.length);
      continue;
    }
    const [sequence = rest.slice(0, 1)] = ONE_KEY.exec(rest) ?? [];
    keys.push(keyOf(sequence));
    rest = rest.slice(sequence.length);
  }
  return { keys, rest };
}

/** Returns the key for one sequence of the terminal. */
export function keyOf(sequence: string): Key {
  const known = NAMES[sequence === '\r\n' ? '\r' : sequence];
  if (known !== undefined) return { name: known, text: '', sequence: known === 'return' ? '\r' : sequence };
  const code = sequence.charCodeAt(0);
  if (code === 0x1b) return { name: 'unknown', text: '', sequence };
  // Ctrl and a letter: the letter's code without its upper bits.
  if (code < 0x20) return { name: `ctrl-${String.fromCharCode(code + 0x60)}`, text: '', sequence };
  return { name: sequence, text: sequence, sequence };
}

/** Returns a paste as one key: line breaks as `\n`, and no other control characters. */
export function pasteOf(text: string): Key {
  const lines = text.replace(/\r\n?/g, '\n').replaceAll('\t', ' ');
  const clean = lines.replace(/[^\P{Cc}\n]/gu, '');
  return { name: 'paste', text: clean, sequence: clean };
}

/**
 * Splits a paste at its line breaks. Only the first line is for this prompt: further ones answer the prompts that follow, and
 * a line break at the end is no Enter.
 */
export function splitPaste({ text }: Key): { readonly first: Key; readonly more: readonly Key[] } {
  const [first = '', ...more] = withoutTrailing(text, '\n').split('\n');
  return { first: pasteOf(first), more: more.flatMap((line) => [keyOf('\r'), pasteOf(line)]) };
}
