import { type Typed, unwrap } from './given.ts';
import type { Input } from './input.ts';

type Texts = readonly string[];

/** Reads the answers to one input. Each text is parsed once, and each file it names read once, however often it is asked for. */
export interface AnswerReader {
  /** The value that texts stand for. @throws what the input's `parse` throws */
  value(texts: Texts): Promise<unknown>;
  /** Reads texts that were typed at a prompt. */
  typed(texts: Texts): Promise<Typed>;
}

/** Creates the reader of one input, given the values of those before it. */
export function createReader(input: Input, values: never): AnswerReader {
  const whole = remembering((texts) => input.parse(texts, values));
  const item = remembering(([text = ''], position) => input.parseItem?.(text, values, position));
  return {
    typed: remembering((texts) => unwrap(input, texts)),
    async value(texts) {
      if (!input.parseItem) return whole(texts);
      const items: unknown[] = [];
      for (const [index, text] of texts.entries()) items.push(await item([text], index + 1));
      return items;
    },
  };
}

/** Caches successes. Failures are tried again: a file may exist by then. */
function remembering<R>(work: (texts: Texts, position: number) => R | Promise<R>) {
  const done = new Map<string, R>();
  return async (texts: Texts, position = 1): Promise<R> => {
    const key = JSON.stringify(texts);
    const result = done.has(key) ? (done.get(key) as R) : await work(texts, position);
    done.set(key, result);
    return result;
  };
}
