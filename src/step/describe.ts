import { UserError } from '../core/errors.ts';
import type { Answers, Choice, Input } from './input-types.ts';

type Parse<T> = (text: string, answers: Answers) => T | Promise<T>;

/** `position` counts from 1, for messages about values that must not be shown. */
type ParseItem<T> = (text: string, answers: Answers, position: number) => T | Promise<T>;

interface Common {
  readonly summary: string;
  readonly question?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly asked?: Input['asked'];
  readonly hint?: NonNullable<Input['hint']>;
  readonly positional?: boolean;
  readonly char?: string;
  readonly variable?: string;
  readonly formerly?: string;
}

/** For a list, what was understood of each value. */
interface Remarking<T> {
  remark?(value: T): string | undefined;
}

type TextDefault = string | ((answers: Answers) => string | undefined);

function defaults(value: TextDefault | undefined): Pick<Input, 'default'> {
  if (value === undefined) return {};
  if (typeof value === 'string') return { default: [value] };
  return {
    default: (answers) => {
      const text = value(answers);
      return text === undefined ? undefined : [text];
    },
  };
}

/** A single value that must be there: given, asked for, or defaulted. */
export function text<T>(spec: Common & { default?: TextDefault; parse: Parse<T> }): Input<T> {
  const { default: fallback, parse, ...rest } = spec;
  return {
    asked: true,
    ...rest,
    ...defaults(fallback),
    kind: 'text',
    optional: false,
    parse: (texts, answers) => parse(texts[0] ?? '', answers),
  };
}

/** A single value that may be left out. */
export function optionalText<T>(spec: Common & Remarking<T> & { parse: Parse<T> }): Input<T | undefined> {
  const { remark, ...rest } = spec;
  return {
    asked: false,
    ...rest,
    kind: 'text',
    optional: true,
    ...(remark && { remark: (value) => (value === undefined ? undefined : remark(value)) }),
    parse: (texts, answers) => (texts[0] === undefined ? undefined : spec.parse(texts[0], answers)),
  };
}

/**
 * A value that must not be seen: its flag and its answers-file key, `--NAME-file`, name a file (`-` for stdin); the value
 * itself comes only from there, from the environment variable `SPACECTL_NAME` or from a masked prompt. `required`: not
 * to be left out.
 */
export function secret<T>(spec: Common & Remarking<T> & { required?: boolean; parse: Parse<T> }): Input<T | undefined> {
  const { required = false, ...rest } = spec;
  return { ...optionalText({ asked: true, ...rest }), kind: 'secret', optional: !required };
}

/** Any number of values, each parsed on its own; the flag is given once for each. `required`: at least one. */
export function list<T>(
  spec: Common & Remarking<T> & { required?: boolean; parse: ParseItem<T> },
): Input<readonly T[]> {
  const { required = false, remark, ...rest } = spec;
  return {
    asked: required,
    ...rest,
    kind: 'list',
    optional: !required,
    ...(!required && { default: [] }),
    ...(remark && { remark: (values) => values.map(remark).join('\n') }),
    async parse(texts, answers) {
      const values: T[] = [];
      for (const [index, item] of texts.entries()) values.push(await spec.parse(item, answers, index + 1));
      return values;
    },
  };
}

/** Yes or no. */
export function yesNo(spec: Common & { default?: boolean }): Input<boolean> {
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

/** Yes, no, or nothing said: what holds then depends on something else. */
export function optionalYesNo(spec: Common): Input<boolean | undefined> {
  const { default: _, ...rest } = yesNo(spec);
  return { ...rest, optional: true };
}

/** One of several. */
export function choice<const C extends readonly Choice[]>(
  spec: Common & {
    choices: C;
    default?: TextDefault;
    suggested?: readonly C[number]['value'][];
    /** Other words for them, taken where the value is typed. */
    synonyms?: Readonly<Record<string, C[number]['value']>>;
  },
): Input<C[number]['value']> {
  const { default: fallback, synonyms = {}, ...rest } = spec;
  const parse = oneOf(spec.choices);
  return {
    asked: true,
    ...rest,
    ...defaults(fallback),
    kind: 'choice',
    optional: false,
    parse: ([value = '']) => parse(synonyms[value] ?? value),
  };
}

/** Any of several. */
export function choices<const C extends readonly Choice[]>(
  spec: Common & { choices: C; default?: readonly C[number]['value'][] },
): Input<readonly C[number]['value'][]> {
  const parse = oneOf(spec.choices);
  return { asked: true, default: [], ...spec, kind: 'choices', optional: true, parse: (texts) => texts.map(parse) };
}

/** An input that plays a part only when `when` says so; its value is `undefined` otherwise. */
export function onlyWhen<T>(when: NonNullable<Input['when']>, input: Input<T>): Input<T | undefined> {
  const both: Input['when'] = async (answers, isGiven) =>
    (await when(answers, isGiven)) && ((await input.when?.(answers, isGiven)) ?? true);
  return { ...input, when: both };
}

function oneOf<C extends readonly Choice[]>(choices: C): (value: string) => C[number]['value'] {
  const values = choices.map((each) => each.value);
  return (value) => {
    if (values.includes(value)) return value;
    throw badChoice(value, values);
  };
}

function badChoice(value: string, expected: readonly string[]): UserError {
  return new UserError('SPACECTL_BAD_INPUT', `"${value}" is not one of ${expected.join(', ')}`);
}
