import { UserError } from '../core/errors.ts';
import { findNearest } from '../core/nearest.ts';
import { type Common, defaults, type TextDefault } from './describe-common.ts';
import type { Choice, Input, Preset } from './input-types.ts';

/** Describes yes or no. */
export function yesNo<Needs = unknown>(spec: Common<Needs> & { default?: boolean }): Input<boolean, Needs> {
  const { default: fallback = false, ...rest } = spec;
  return {
    asked: false,
    ...rest,
    kind: 'boolean',
    optional: false,
    default: [String(fallback)],
    parse: ([value = 'false']) => {
      if (value === 'true' || value === 'false') return value === 'true';
      throw badChoice(value, ['true', 'false']);
    },
  };
}

/** Describes yes, no, or no answer, whose meaning depends on something else. */
export function optionalYesNo<Needs = unknown>(spec: Common<Needs>): Input<boolean | undefined, Needs> {
  const { default: _, ...rest } = yesNo(spec);
  return { ...rest, optional: true };
}

/** Describes one of several. */
export function choice<const C extends readonly Choice[], Needs = unknown>(
  spec: Common<Needs> & {
    choices: C;
    default?: TextDefault<Needs>;
    suggested?: readonly C[number]['value'][];
    /** Other words for them, taken where the value is typed. */
    synonyms?: Readonly<Record<string, C[number]['value']>>;
  },
): Input<C[number]['value'], Needs> {
  const { default: fallback, ...rest } = spec;
  const { synonyms = {} } = spec;
  const parse = oneOf(spec.choices.map(({ value }) => value));
  return {
    asked: true,
    ...rest,
    ...defaults(fallback),
    kind: 'choice',
    optional: false,
    parse: ([value = '']) => parse(synonyms[value] ?? value),
  };
}

/** Describes any of several. */
export function choices<const C extends readonly Choice[], Needs = unknown>(
  spec: Common<Needs> & {
    choices: C;
    default?: readonly C[number]['value'][];
    presets?: readonly (Preset & { readonly values?: readonly C[number]['value'][] })[];
  },
): Input<readonly C[number]['value'][], Needs> {
  const parse = oneOf(spec.choices.map(({ value }) => value));
  return { asked: true, default: [], ...spec, kind: 'choices', optional: true, parse: (texts) => texts.map(parse) };
}

/** Makes a parser for one word of several. @throws UserError `SPACECTL_BAD_INPUT` naming them */
export function oneOf<const C extends string>(values: readonly C[]): (value: string) => C {
  return (value) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw badChoice(value, values);
  };
}

function badChoice(value: string, expected: readonly string[]): UserError {
  const close = findNearest(value, expected);
  const meant = close === undefined ? '' : `; did you mean "${close}"?`;
  return new UserError('SPACECTL_BAD_INPUT', `"${value}" is not one of ${expected.join(', ')}${meant}`);
}
