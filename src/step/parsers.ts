import { UserError } from '../core/errors.ts';

/** Makes a parser for text that matches a pattern. */
export function matching(pattern: RegExp, meaning: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not ${meaning}`);
  };
}

/** Takes any text as it is. */
export function anyText(text: string): string {
  return text;
}

/** Parses text that goes into a configuration unchanged: anything but control characters. */
export const oneLine = matching(/^[^\p{Cc}\p{Cs}]+$/u, 'text on one line');

/** Makes a parser for whole numbers. */
export function wholeNumber({
  least = 0,
  most = 99_999,
  meaning = 'a whole number',
}: {
  readonly least?: number;
  readonly most?: number;
  readonly meaning?: string;
} = {}): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not ${meaning}`);
  };
}

/** Makes a parser for seconds, whole or with a fraction, greater than zero. */
export function seconds(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,5}(?:\.\d+)?$/.test(text) && number > 0 && number <= most) return number;
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not a number of seconds up to ${most}`);
  };
}

/** Parses days or weeks: `30`, `30d` or `4w`. @returns days */
export function days(text: string): number {
  const [, number, unit] = /^(\d{1,5})([dw]?)$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * (unit === 'w' ? 7 : 1);
  throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not a time like 30d or 4w`);
}

/** Parses a SHA-256 in hexadecimal. @returns its digits in lower case */
export function sha256Digest(hex: string): string {
  if (/^[0-9a-f]{64}$/i.test(hex)) return hex.toLowerCase();
  throw new UserError('SPACECTL_BAD_INPUT', 'A SHA-256 has 64 hexadecimal digits');
}
