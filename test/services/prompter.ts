import { expect } from 'vitest';
import { BACK, type Back, type Prompter } from '../../src/step/ask.ts';

/** Answers from a list, trying each answer against the check first, as a terminal would. */
export function scripted(answers: Record<string, readonly string[]>, seen: string[] = []): Prompter {
  return {
    async ask(name, _input, initial, check) {
      seen.push(name);
      const texts = answers[name] ?? initial;
      expect(await check(texts)).toBe(true);
      return texts;
    },
  };
}

/** A question as it was put. */
export interface PutQuestion {
  readonly name: string;
  /** The answer it started with. */
  readonly initial: readonly string[];
  readonly description: string | undefined;
}

/**
 * Answers questions in turn, and goes back where an answer is BACK. Each question has to be put when its turn comes: one
 * too many, or another one, is an error.
 */
export function inTurn(turns: readonly (readonly [name: string, answer: string | readonly string[] | Back])[]) {
  const left = [...turns];
  const put: PutQuestion[] = [];
  const prompter: Prompter = {
    async ask(name, { description }, initial) {
      put.push({ name, initial, description });
      const [expected, answer] = left.shift() ?? [];
      if (name !== expected || answer === undefined) throw new Error(`"${name}" is asked for instead of "${expected}"`);
      if (answer === BACK) return BACK;
      return typeof answer === 'string' ? [answer] : answer;
    },
  };
  return { prompter, put, left };
}
