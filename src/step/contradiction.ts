import { UserError } from '../core/errors.ts';
import { suggestionLine } from '../core/suggestion.ts';
import type { Origin } from './given.ts';
import type { Answers } from './input.ts';
import type { Rule } from './rule.ts';

/** How far a conversation has come. */
export interface Progress {
  /** Names of the inputs, in the order in which they are answered. */
  readonly order: readonly string[];
  readonly values: Answers;
  readonly origins: Readonly<Record<string, Origin>>;
  /** The inputs that a person was asked for. */
  readonly prompted: ReadonlySet<string>;
  /** The inputs that a person may want to answer. */
  readonly offered: ReadonlySet<string>;
  /** Reports whether an input is answered, or needs no answer. */
  isSettled(name: string): boolean;
}

/** Answers that contradict each other. */
export interface Contradiction {
  /** The input to ask for again. */
  readonly name: string;
  /** What contradicts what. */
  readonly problem: string;
}

/**
 * Finds answers that contradict each other as soon as the last of them is given.
 * @param name the input that was just answered
 * @returns `undefined` also if a person cannot correct any of them here: the plan then refuses them
 */
export function contradictionAt(name: string, rules: readonly Rule[], progress: Progress): Contradiction | undefined {
  const place = (each: string) => progress.order.indexOf(each);
  for (const { reads, check } of rules) {
    const read = reads.filter((each) => place(each) >= 0).sort((one, other) => place(one) - place(other));
    if (read.at(-1) !== name || !read.every((each) => progress.isSettled(each))) continue;
    const again = read.findLast((each) => canBeAsked(each, progress));
    const problem = again && problemOf(() => check(progress.values as never));
    if (again && problem) return { name: again, problem };
  }
  return undefined;
}

/** Reports whether the answer can be corrected: not what was given for this run. */
function canBeAsked(name: string, { prompted, offered, origins }: Progress): boolean {
  const origin = origins[name];
  if (prompted.has(name) || origin === 'saved') return true;
  return offered.has(name) && (origin === undefined || origin === 'default');
}

function problemOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return [error.message, ...error.suggestions.map(suggestionLine)].join('\n');
    throw error;
  }
}
