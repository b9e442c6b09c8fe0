import { quoteForPowerShell, type Shell, userShell } from './shell.ts';

/** Formats a whole number for people: 217,659. Node's own formatter takes tens of milliseconds to load. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Formats a number of things for people: `1 certificate`, `144 certificates`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Removes a character from the end of a text, however many there are: with a regular expression, a long run of them
 * elsewhere in the text takes quadratic time.
 */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end--;
  return text.slice(0, end);
}

/** Quotes a text for POSIX sh (POSIX.1-2024, XCU 2.2.2). */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quotes a text for a command that people paste into their own shell, only if it needs quotes. */
export function quoteIfNeeded(text: string, shell: Shell = userShell()): string {
  return shell === 'posix' ? quoteIfNeededForPosix(text) : quoteForPowerShell(text);
}

/** Quotes a text for POSIX sh, whatever the shell here is, only if it needs quotes: for files, and for commands of hosts. */
export function quoteIfNeededForPosix(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : quoteForShell(text);
}

/** Compares versions of dotted numbers: 3.9 is older than 3.13. */
export function compareVersions(one: string, other: string): number {
  const [ours, theirs] = [one, other].map((each) => each.split('.').map(Number)) as [number[], number[]];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const difference = (ours[index] ?? 0) - (theirs[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Joins names for people: `A, B and C`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
