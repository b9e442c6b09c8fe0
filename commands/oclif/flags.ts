import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { ArgInput, FlagInput } from '@oclif/core/interfaces';
import { flagName, isBare, isRepeated } from '../../src/step/given.ts';
import type { Input, Inputs } from '../../src/step/input.ts';

/**
 * Creates a flag for every input that is not a positional argument. The input itself validates its value, not oclif. What
 * help says of it is in describe-flags.ts.
 */
export function flagsFor(inputs: Inputs): FlagInput {
  const withFlag = Object.entries(inputs).filter(([, input]) => !isBare(input));
  return Object.fromEntries(withFlag.map(([name, input]) => [flagName(name, input), flagOf(input)]));
}

function flagOf(input: Input): FlagInput[string] {
  const char = input.char && { char: input.char as never };
  if (input.kind === 'boolean') return Flags.boolean({ ...char, allowNo: true });
  return isRepeated(input)
    ? Flags.string({ ...char, multiple: true, multipleNonGreedy: true })
    : Flags.string({ ...char });
}

/** Creates an argument for every positional input. */
export function argumentsFor(inputs: Inputs): ArgInput {
  const positional = Object.entries(inputs).filter(([, input]) => input.positional);
  return Object.fromEntries(positional.map(([name, input]) => [name, argumentOf(input)]));
}

function argumentOf(input: Input): ArgInput[string] {
  const spec = { ignoreStdin: true };
  return isRepeated(input) ? Args.string({ ...spec, multiple: true }) : Args.string(spec);
}

/** Returns the values of the command line as the texts that inputs parse. */
export function textsOf(parsed: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  const given = Object.entries(parsed).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, [value].flat().map(String)]));
}
