import { expect } from 'vitest';
import type { Prompter } from '../../src/step/ask.ts';

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
