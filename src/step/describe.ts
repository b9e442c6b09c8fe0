import { UserError } from '../core/errors.ts';
import { findNearest } from '../core/nearest.ts';
import type { Choice, Input, Preset } from './input-types.ts';

type Parse<T, Needs> = (text: string, values: Needs) => T | Promise<T>;

/** `position` counts from 1, for messages about values that must not be shown. */
type ParseItem<T, Needs> = (text: string, values: Needs, position: number) => T | Promise<T>;

interface Common<Needs> {
  readonly summary: string;
  readonly question?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly asked?: Input<unknown, Needs>['asked'];
  readonly askedDespiteDefault?: boolean;
  readonly isForLater?: boolean;
  readonly inForce?: NonNullable<Input<unknown, Needs>['inForce']>;
  readonly hint?: NonNullable<Input<unknown, Needs>['hint']>;
  readonly positional?: boolean | 'too';
  readonly char?: string;
  readonly variable?: string;
  readonly key?: string;
  readonly section?: string | null;
  readonly otherVariables?: readonly string[];
  readonly keptAs?: string;
  readonly lookUp?: NonNullable<Input<unknown, Needs>['lookUp']>;
  readonly leftOut?: string;
}

/** For a list, what was understood of each value. */
interface Remarking<T> {
  remark?(value: T): string | undefined;
}

type TextDefault<Needs> = string | ((values: Needs) => string | undefined);

function defaults<Needs>(value: TextDefault<Needs> | undefined): Pick<Input<unknown, Needs>, 'default'> {
  if (value === undefined) return {};
  if (typeof value === 'string') return { default: [value] };
  return {
    default: (values) => {
      const text = value(values);
      return text === undefined ? undefined : [text];
    },
  };
}

/** Describes a required value: given, asked for, or its default. */
export function text<T, Needs = unknown>(
  spec: Common<Needs> & { default?: TextDefault<Needs>; parse: Parse<T, Needs> },
): Input<T, Needs> {
  const { default: fallback, parse, ...rest } = spec;
  return {
    asked: true,
    ...rest,
    ...defaults(fallback),
    kind: 'text',
    optional: false,
    parse: (texts, values) => parse(texts[0] ?? '', values),
  };
}

/** Describes an optional value. */
export function optionalText<T, Needs = unknown>(
  spec: Common<Needs> & Remarking<T> & { parse: Parse<T, Needs> },
): Input<T | undefined, Needs> {
  const { remark, ...rest } = spec;
  return {
    asked: false,
    ...rest,
    kind: 'text',
    optional: true,
    ...(remark && { remark: (value) => (value === undefined ? undefined : remark(value)) }),
    parse: (texts, values) => (texts[0] === undefined ? undefined : spec.parse(texts[0], values)),
  };
}

/**
 * Describes a value that must not be seen: its flag and its key in spacectl.yaml, `--NAME-file`, name a file (`-` for
 * stdin); the value itself comes only from there, from the environment variable `SPACECTL_NAME` or from a masked prompt.
 * `required`: not to be left out.
 */
export function secret<T, Needs = unknown>(
  spec: Common<Needs> & Remarking<T> & { required?: boolean; parse: Parse<T, Needs> },
): Input<T | undefined, Needs> {
  const { required = false, ...rest } = spec;
  return { ...optionalText({ asked: true, ...rest }), kind: 'secret', optional: !required };
}

/** Describes any number of values, each parsed on its own; the flag is given once for each. `required`: at least one. */
export function list<T, Needs = unknown>(
  spec: Common<Needs> & Remarking<T> & { required?: boolean; parse: ParseItem<T, Needs> },
): Input<readonly T[], Needs> {
  const { required = false, remark, parse: parseItem, ...rest } = spec;
  return {
    asked: required,
    ...rest,
    kind: 'list',
    optional: !required,
    ...(!required && { default: [] }),
    ...(remark && { remark: (values) => values.map(remark).join('\n') }),
    parseItem,
    async parse(texts, values) {
      const items: T[] = [];
      for (const [index, item] of texts.entries()) items.push(await parseItem(item, values, index + 1));
      return items;
    },
  };
}

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

/** Limits an input to where `when` says so; elsewhere it has no effect, and its value is `undefined`. */
export function onlyWhen<T, Needs, More = unknown>(
  when: (values: More, isGiven: boolean) => boolean | Promise<boolean>,
  input: Input<T, Needs>,
): Input<T | undefined, Needs & More> {
  return {
    ...input,
    when: async (values, isGiven) => (await when(values, isGiven)) && ((await input.when?.(values, isGiven)) ?? true),
  };
}

/** Puts inputs into a section of spacectl.yaml, but for those that have one already. */
export function inSection<const I extends { readonly [name: string]: object }>(section: string, inputs: I): I {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, 'section' in input ? input : { ...input, section }]),
  ) as I;
}

/** Makes an input optional: it has no default, and is not asked for. */
export function optional<T, Needs>({ default: _, ...input }: Input<T, Needs>): Input<T | undefined, Needs> {
  return { ...input, optional: true, asked: false };
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
