import { UserError } from '../core/errors.ts';
import { flagName, type Given } from './given.ts';
import type { Input } from './input.ts';

/** An input and its name. */
export type Entry = readonly [name: string, input: Input];

/**
 * Returns the inputs of a flag that would be ignored, at the last of them: two targets may have the same flag. Variables and
 * files may hold more than one command needs.
 */
export function ignoredWith(
  [name, input]: Entry,
  all: readonly Entry[],
  ignored: ReadonlySet<string>,
  { flags }: Given,
): readonly string[] {
  const flag = flagName(name, input);
  const texts = flags[flag];
  if (!texts || (Array.isArray(input.default) && texts.join('\n') === input.default.join('\n'))) return [];
  const sharing = all.filter(([each, other]) => flagName(each, other) === flag);
  // Not before the last of them.
  return sharing.every(([each]) => ignored.has(each)) ? sharing.map(([each]) => each) : [];
}

/** Creates the error that names all missing flags at once. */
export function missingInput(missing: readonly string[]): UserError {
  return new UserError('SPACECTL_MISSING_INPUT', `Missing ${missing.join(', ')}`, {
    suggestions: [
      missing.length === 1
        ? 'Pass it as a flag, as a SPACECTL_* variable or in spacectl.yaml, or run in a terminal to be asked'
        : 'Pass them as flags, as SPACECTL_* variables or in spacectl.yaml, or run in a terminal to be asked',
    ],
  });
}
