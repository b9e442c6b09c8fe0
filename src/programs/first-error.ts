import { toSafeLine } from '../core/safe-line.ts';

/**
 * Finds the line of a program's errors that tells the cause: warnings come before it, and advice behind it. A line that ends
 * with a colon only announces the next one.
 */
export function firstError(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const start = lines.findIndex((each) => /^ERROR: /.test(each));
  const [first = '', second] = lines.slice(Math.max(start, 0));
  const line = first.endsWith(':') && second ? second.replace(/^ *- /, '') : first;
  return toSafeLine(line.replace(/^ERROR: (?:\([\w.-]+\) )?/, '')).replace(/\.$/, '');
}
