import { UserError } from '../core/errors.ts';

/** Creates a parser for text that matches a pattern. */
export function matching(pattern: RegExp, meaning: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not ${meaning}`);
  };
}

/** Parses text on one line, without control characters. */
export const words = matching(/^[^\p{Cc}\p{Cs}]+$/u, 'text on one line');

/** Parses a whole number of at least 0. */
export function count(text: string): number {
  return Number(matching(/^\d{1,5}$/, 'a whole number')(text));
}
