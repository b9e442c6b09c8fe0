import { UserError } from '../core/errors.ts';
import { flagName, type Given, isBare, placeOf } from './given.ts';
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

/**
 * Creates the error that names all missing inputs at once, and says how each can be given.
 * @param lacking what inputs that may be left out lack, as they name it
 */
export function missingInput(missing: readonly Entry[], lacking: readonly string[] = []): UserError {
  const names = [...missing.map((entry) => labelOf(entry)), ...lacking];
  const byArgument = missing.filter(([, { positional }]) => positional);
  const byFlag = missing.filter(([, { positional }]) => !positional);
  const flagCount = byFlag.length + lacking.length;
  const isInFile = byFlag.every(([name, input]) => placeOf(name, input) !== undefined);
  const values = byFlag.flatMap((entry) => {
    const choices = valuesOf(entry);
    return choices.length > 0 ? `${labelOf(entry)} is one of ${choices.join(', ')}` : [];
  });
  return new UserError('SPACECTL_MISSING_INPUT', `Missing ${[...new Set(names)].join(', ')}`, {
    suggestions: [
      ...byArgument.map(
        (entry) => `Pass ${asArgument(entry)}${flagCount > 0 ? '' : ', or run in a terminal to be asked'}`,
      ),
      ...(flagCount > 0 ? [`Pass ${waysToPass(flagCount === 1, isInFile)}, or run in a terminal to be asked`] : []),
      ...values,
    ],
  });
}

/** Returns what a missing input is called: its argument or its flag. */
function labelOf([name, input]: Entry): string {
  return isBare(input) ? name.toUpperCase() : `--${flagName(name, input)}`;
}

function valuesOf([, { choices = [] }]: Entry): readonly string[] {
  return choices.map(({ value }) => value);
}

/** Says how to pass a positional input: `SHELL as an argument: bash, zsh, fish`. */
function asArgument(entry: Entry): string {
  const [, { suggested = [] }] = entry;
  const choices = valuesOf(entry);
  const example =
    choices.length > 0 ? `: ${choices.join(', ')}` : suggested.length > 0 ? `, such as ${suggested[0]}` : '';
  return `${isBare(entry[1]) ? labelOf(entry) : `the value of ${labelOf(entry)}`} as an argument${example}`;
}

function waysToPass(isOne: boolean, isInFile: boolean): string {
  const [what, flag, variable] = isOne
    ? ['it', 'a flag', 'a SPACECTL_* variable']
    : ['them', 'flags', 'SPACECTL_* variables'];
  return isInFile ? `${what} as ${flag}, as ${variable} or in spacectl.yaml` : `${what} as ${flag} or as ${variable}`;
}
