import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BACK, type Back } from '../../src/step/prompter.ts';
import { type Key, splitPaste, terminalReader } from './reader/index.ts';
import { stopSignal, whileAsking } from './signals.ts';

/** What Inquirer's prompts take beside their configuration. */
export interface StockContext {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Judges what was entered: `true`, or what is wrong with it. */
type Check<V> = (value: V) => Promise<string | true>;

/** Keys that change nothing and make a prompt draw itself again, by the kind of prompt: Inquirer has no other way. */
const NUDGES = {
  text: [' ', '\u007f'],
  search: [' ', '\u007f'],
  list: ['\u001b[B', '\u001b[A'],
} as const;

/** Turns of the event loop that Inquirer takes from Enter to its answer: its prompts resolve in a `setImmediate`. */
const TURNS = 4;

/** The terminal as one prompt sees it: only the keys that are for it. */
class PromptInput extends PassThrough {
  readonly isTTY = true;

  /** readline sets the mode of a terminal, which the reader does for all prompts. */
  setRawMode(): this {
    return this;
  }
}

/**
 * Runs one of Inquirer's prompts on the keys of the one reader. What stands behind Enter is left for the next prompt, and Esc
 * goes back at once: Inquirer would wait half a second, and drop the rest.
 * @param prompt shows the prompt; `watched` wraps its check, if it has one
 * @throws what the check throws, and Inquirer's AbortPromptError when the user stops the program
 */
export async function runStockPrompt<T>(
  kind: keyof typeof NUDGES,
  prompt: (context: StockContext, watched: <V>(check: Check<V>) => Check<V>) => Promise<T>,
): Promise<T | Back> {
  const reader = terminalReader();
  reader.open();
  const input = new PromptInput();
  const back = new AbortController();
  let checking: Promise<unknown> = Promise.resolve();
  const watched =
    <V>(check: Check<V>): Check<V> =>
    (value) => {
      const judged = check(value);
      checking = judged.catch(() => {});
      return judged;
    };
  const signal = AbortSignal.any([back.signal, stopSignal]);
  let isOver = false;
  const answer = whileAsking(prompt({ input, output: process.stderr, signal }, watched)).finally(() => {
    isOver = true;
  });
  answer.catch(() => {});
  const settle = async () => {
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    await checking;
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
  };
  while (!isOver) {
    const key = await reader.next();
    if (key.name === 'escape') {
      back.abort();
      await answer.catch(() => {});
      return BACK;
    }
    for (const sequence of sequencesFor(key, kind)) input.write(sequence);
    // A search shows what matches only then; Enter typed ahead would choose from what matched before.
    if (key.name === 'return' || kind === 'search') await settle();
  }
  return answer;
}

/** What a key is to Inquirer. */
function sequencesFor(key: Key, kind: keyof typeof NUDGES): readonly string[] {
  if (key.name === 'resume' || key.name === 'resize') return NUDGES[kind];
  if (key.name !== 'paste') return [key.sequence];
  const { first, more } = splitPaste(key);
  terminalReader().unread(...more);
  return first.text === '' ? [] : [first.text];
}
