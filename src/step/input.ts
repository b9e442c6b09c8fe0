import { UserError } from './errors.ts';

/** What has been answered so far: values by input name. */
export type Answers = Readonly<Record<string, unknown>>;

/** How an input is given and asked for. */
export type InputKind = 'text' | 'list' | 'boolean' | 'choice' | 'choices' | 'secret';

export interface Choice {
  readonly value: string;
  /** What the wizard shows; the value where absent. */
  readonly name?: string;
  /** One line shown while the choice is highlighted. */
  readonly description?: string;
}

/**
 * One value the user supplies. Its flag, `SPACECTL_*` variable, key in the answers file, prompt and help all come from
 * this one description; its name is the key it has in a step's `inputs`.
 */
export interface Input<T = unknown> {
  readonly kind: InputKind;
  /** One line: the flag's help, without a final full stop. */
  readonly summary: string;
  /** The wizard's question; the summary where absent. */
  readonly question?: string;
  /** More, for `--help` and above the prompt. */
  readonly description?: string;
  /** What the value is called in help: `FILE`, `REF`, `NAME=VALUE`. */
  readonly placeholder?: string;
  readonly choices?: readonly Choice[];
  readonly default?: readonly string[] | ((answers: Answers) => readonly string[] | undefined);
  /** Neither given nor defaulted is fine: the value is then `undefined`. */
  readonly optional: boolean;
  /** Whether the wizard asks; inputs that are not asked are flags for those who need them. */
  readonly asked: boolean | ((answers: Answers) => boolean);
  /** What to know before answering, given the answers so far; shown at the prompt in place of the description. */
  readonly hint?: (answers: Answers) => string | undefined;
  /** What the wizard's questions from here on are about: shown above the first of them. */
  readonly heading?: string;
  /**
   * Whether the input plays a part, given the answers before it, and whether its flag was given. Where it does not, its
   * value is `undefined`, and its flag is refused.
   */
  readonly when?: (answers: Answers, isFlagged: boolean) => boolean | Promise<boolean>;
  /** Its environment variable, where the one named after its flag means something else elsewhere: `SPACECTL_PROBE_HOST`. */
  readonly variable?: string;
  /** What the prompt starts from, where that is not the default: the default is for those who cannot be asked. */
  readonly suggested?: readonly string[];
  /** Given as a bare argument rather than as a flag. */
  readonly positional?: boolean;
  /** One letter, for the few flags everyone's fingers know. */
  readonly char?: string;
  /**
   * The only validator of the value: flags, environment, answers file and prompts pass through it.
   * @throws UserError that says what is expected
   */
  parse(texts: readonly string[], answers: Answers): T | Promise<T>;
  /** What was understood, for the person who has just answered at a prompt. Never a secret. */
  remark?(value: T): string | undefined;
}

export type Inputs = Readonly<Record<string, Input>>;

/** The values of a set of inputs once all are answered. */
export type Values<I extends Inputs> = { readonly [K in keyof I]: I[K] extends Input<infer T> ? T : never };

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

/** One of several. */
export function choice<const C extends readonly Choice[]>(
  spec: Common & { choices: C; default?: TextDefault; suggested?: readonly C[number]['value'][] },
): Input<C[number]['value']> {
  const { default: fallback, ...rest } = spec;
  const parse = oneOf(spec.choices);
  return {
    asked: true,
    ...rest,
    ...defaults(fallback),
    kind: 'choice',
    optional: false,
    parse: ([value = '']) => parse(value),
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
  const both: Input['when'] = async (answers, isFlagged) =>
    (await when(answers, isFlagged)) && ((await input.when?.(answers, isFlagged)) ?? true);
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
