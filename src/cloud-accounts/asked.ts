import { toSafeLine } from '../core/safe-line.ts';

/** What a cloud's own command-line program answered: the thing, that it does not exist, or why neither is known. */
export type Asked<Thing> = { readonly found: Thing } | { readonly isMissing: true } | { readonly problem: string };

/**
 * Finds the cause in what `az` or `gcloud` print when they fail: the line that starts with `ERROR:`, or the one behind it
 * if that only announces it. Warnings come before it, and advice behind it.
 */
export function causeIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const start = Math.max(
    lines.findIndex((line) => line.startsWith('ERROR: ')),
    0,
  );
  const [first = 'it gave no reason', second] = lines.slice(start);
  const cause = first.endsWith(':') && second ? second.replace(/^ *- /, '') : first;
  return toSafeLine(cause.replace(/^ERROR: (?:\([\w.-]+\) )?/, '')).replace(/\.$/, '');
}
