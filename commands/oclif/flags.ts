import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { ArgInput, FlagInput } from '@oclif/core/interfaces';
import { flagName, isBare, isRepeated, variableNames } from '../../src/step/given.ts';
import type { Input, Inputs } from '../../src/step/input.ts';
import { MORE } from './groups.ts';

/**
 * Creates a flag for every input that is not a positional argument. The input itself validates its value, not oclif. Inputs
 * that the wizard asks for become common flags; the others are grouped under the wizard's heading.
 */
export function flagsFor(inputs: Inputs): FlagInput {
  const flags: FlagInput = {};
  let group = MORE;
  for (const [name, input] of Object.entries(inputs)) {
    group = input.heading ?? group;
    if (isBare(input)) continue;
    const flag = flagName(name, input);
    const words = {
      summary: summaryOf(name, input),
      ...(input.description && { description: input.description }),
      ...(input.char && { char: input.char as never }),
      ...(input.asked === false && { helpGroup: group }),
    };
    flags[flag] = flagOf(input, words);
  }
  return flags;
}

function flagOf(input: Input, words: { summary: string }): FlagInput[string] {
  if (input.kind === 'boolean') return Flags.boolean({ ...words, allowNo: true });
  const spec = { ...words, helpValue: input.placeholder ?? 'VALUE' };
  return isRepeated(input) ? Flags.string({ ...spec, multiple: true, multipleNonGreedy: true }) : Flags.string(spec);
}

/** Creates an argument for every positional input. */
export function argumentsFor(inputs: Inputs): ArgInput {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([, input]) => input.positional)
      .map(([name, input]) => [name, argumentOf(name, input)]),
  );
}

function argumentOf(name: string, input: Input): ArgInput[string] {
  const spec = { description: summaryOf(name, input), ignoreStdin: true };
  return isRepeated(input) ? Args.string({ ...spec, multiple: true }) : Args.string(spec);
}

function summaryOf(name: string, input: Input): string {
  const notes: string[] = [];
  if (input.choices) notes.push(input.choices.map((each) => each.value).join('|'));
  if (Array.isArray(input.default) && input.default.length > 0 && input.kind !== 'boolean') {
    notes.push(`default: ${input.default.join(', ')}`);
  }
  if (isRepeated(input)) notes.push('repeatable');
  if (!isBare(input)) notes.push(variableNames(name, input).join(' or '));
  return notes.length > 0 ? `${input.summary} [${notes.join('; ')}]` : input.summary;
}

/** Returns the values of the command line as the texts that inputs parse. */
export function textsOf(parsed: Readonly<Record<string, unknown>>): Record<string, readonly string[]> {
  const given = Object.entries(parsed).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, [value].flat().map(String)]));
}
