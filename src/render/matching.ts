import { UserError } from '../core/errors.ts';

/** A parser for text that matches a pattern. */
export function matching(pattern: RegExp, meaning: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not ${meaning}`);
  };
}

/** A parser for words that go into a configuration as they are: anything but control characters. */
export const words = matching(/^[^\p{Cc}\p{Cs}]+$/u, 'text on one line');

/** A parser for whole numbers from 0 on. */
export function count(text: string): number {
  return Number(matching(/^\d{1,5}$/, 'a whole number')(text));
}
