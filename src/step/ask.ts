import { UserError } from '../core/errors.ts';
import { type Asking, answerTo } from './answer-one.ts';
import { earlierIn } from './earlier.ts';
import { flagName, type Given, isBare, type Origin } from './given.ts';
import type { Answers, Input, Inputs } from './input.ts';
import { BACK, type Prompter } from './prompter.ts';

export type { Asking } from './answer-one.ts';
export { BACK, type Back, type Prompter } from './prompter.ts';

export interface Answered {
  readonly values: Answers;
  /** The answers as text, for an answers file; secrets are not in it. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/**
 * Answers every input: flag > environment > answers file > prompt > default. At a prompt, the user may go back to the
 * previous one; everything since is then answered again.
 * @throws UserError `SPACECTL_MISSING_INPUT` naming all that is missing at once; `SPACECTL_BAD_INPUT` for a flag that
 * has no effect; what an input's `parse` throws
 */
export async function ask(inputs: Inputs, given: Given, asking: Asking = {}): Promise<Answered> {
  const values: Record<string, unknown> = {};
  const texts: Record<string, readonly string[]> = {};
  const origins: Record<string, Origin> = {};
  const missing = new Map<string, string>();
  const entered = new Map<string, readonly string[]>();
  const prompted = new Set<string>();
  const earlier = earlierIn(inputs, values);
  const all = Object.entries(inputs);
  const noted = { ...asking, prompter: asking.prompter && notingNames(asking.prompter, prompted) };
  const forget = (name: string) => {
    earlier.forget(name);
    missing.delete(name);
    prompted.delete(name);
    for (const each of [values, texts, origins]) delete each[name];
  };
  for (let index = 0, entry = all[0]; entry; entry = all[++index]) {
    const [name, input] = entry;
    const circumstances = { ...noted, given, values: earlier.values, entered: entered.get(name) };
    const outcome = await answerTo(name, input, circumstances);
    if (outcome === BACK) {
      const previous = all.findLastIndex(([each], at) => at < index && prompted.has(each));
      const from = previous < 0 ? index : previous;
      for (const [each] of all.slice(from, index + 1)) forget(each);
      index = from - 1;
      continue;
    }
    const isMissing = outcome === 'left out' && !input.optional;
    earlier.pass(name, isMissing || outcome === 'undecided');
    if (isMissing) missing.set(name, isBare(input) ? name.toUpperCase() : `--${flagName(name, input)}`);
    // The flag may belong to an input that is missing: then that is the error to report.
    if (outcome === 'without effect' && missing.size === 0) refuseFlag(name, input, given);
    if (typeof outcome === 'string') continue;
    values[name] = outcome.value;
    origins[name] = outcome.origin;
    if (input.kind !== 'secret') texts[name] = outcome.texts;
    if (input.kind !== 'secret' && outcome.origin === 'prompt') entered.set(name, outcome.texts);
  }
  if (missing.size > 0) throw missingInput([...missing.values()]);
  return { values, texts, origins };
}

/** Adds the name of each input that is asked for to a set. */
function notingNames(prompter: Prompter, names: Set<string>): Prompter {
  return {
    ask: (name, ...rest) => {
      names.add(name);
      return prompter.ask(name, ...rest);
    },
  };
}

/** Rejects a flag that would be ignored. Variables and answers files may hold more than one command needs. */
function refuseFlag(name: string, input: Input, { flags }: Given): void {
  const flag = flagName(name, input);
  const texts = flags[flag];
  if (!texts || (Array.isArray(input.default) && texts.join('\n') === input.default.join('\n'))) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--${flag} has no effect with these options`, {
    suggestions: ['Omit it, or pass the option that it depends on (see --help)'],
  });
}

function missingInput(missing: readonly string[]): UserError {
  return new UserError('SPACECTL_MISSING_INPUT', `Missing ${missing.join(', ')}`, {
    suggestions: [
      'Pass them as flags, as SPACECTL_* variables or with --answers FILE, or run in a terminal to be asked',
    ],
  });
}
