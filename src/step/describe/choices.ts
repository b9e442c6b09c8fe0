import { UserError } from '../../core/errors.ts';
import { findNearest } from '../../core/nearest.ts';
import type { Choice, Input, Preset } from '../input-types.ts';
import { type Common, defaults, type TextDefault } from './common.ts';

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
  const values = spec.choices.map(({ value }) => value);
  const parse = oneOf<C[number]['value']>(values);
  const parseItem = (text: string) => {
    if (isJoined(text, values)) throw joined(text);
    return parse(text);
  };
  return { asked: true, default: [], ...spec, kind: 'choices', optional: true, parse: (texts) => texts.map(parseItem) };
}

/** Makes a parser for one word of several. @throws UserError `SPACECTL_BAD_INPUT` naming them */
export function oneOf<const C extends string>(values: readonly C[]): (value: string) => C {
  return (value) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw badChoice(value, values);
  };
}

/** Reports whether a text is several choices that are joined by commas. */
function isJoined(text: string, values: readonly string[]): boolean {
  return text.includes(',') && text.split(',').every((each) => values.includes(each.trim()));
}

function joined(text: string): UserError {
  const all = text.split(',').map((each) => `"${each.trim()}"`);
  return new UserError('SPACECTL_BAD_INPUT', `"${text}" is several values in one`, {
    suggestions: [`Pass each value by itself, and repeat the flag: ${all.join(', ')}`],
  });
}

/** Finds what was probably meant: choices with the typed word as a part, such as `terraform-aws` for `aws`, or a close one. */
function probablyMeant(value: string, expected: readonly string[]): readonly string[] {
  const word = value.toLowerCase();
  const containing = expected.filter((each) => each !== value && each.split('-').includes(word));
  if (containing.length > 0) return containing;
  const close = findNearest(value, expected);
  return close === undefined ? [] : [close];
}

function badChoice(value: string, expected: readonly string[]): UserError {
  const all = probablyMeant(value, expected).map((each) => `"${each}"`);
  const meant = all.length === 0 ? '' : `; did you mean ${all.join(' or ')}?`;
  return new UserError('SPACECTL_BAD_INPUT', `"${value}" is not one of ${expected.join(', ')}${meant}`);
}
