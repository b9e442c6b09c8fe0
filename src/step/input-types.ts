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
 *
 * `Needs` are the values of earlier inputs that it reads: `{ dir: string }`. A set of inputs in which they are not all
 * declared does not compile (`Complete`), and one in which they are declared later fails when it is asked. Left out, an
 * input is any input, whatever it reads.
 */
export interface Input<T = unknown, Needs = never> {
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
  readonly default?: readonly string[] | ((values: Needs) => readonly string[] | undefined);
  /** Neither given nor defaulted is fine: the value is then `undefined`. */
  readonly optional: boolean;
  /** Whether the wizard asks; inputs that are not asked are flags for those who need them. */
  readonly asked: boolean | ((values: Needs) => boolean);
  /** Whether every command asks, although there is a default; otherwise only the wizard does. */
  readonly askedDespiteDefault?: boolean;
  /** What to know before answering; shown at the prompt in place of the description. */
  readonly hint?: (values: Needs) => string | undefined;
  /** What the wizard's questions from here on are about: shown above the first of them. */
  readonly heading?: string;
  /**
   * Whether the input has any effect, and whether it was itself given beforehand. Where it has none, its value is
   * `undefined`, and its flag is refused.
   */
  readonly when?: (values: Needs, isGiven: boolean) => boolean | Promise<boolean>;
  /**
   * Its key in answers files, and what its variable is named after, where a flag of the same name means something else
   * to other commands. A declared exception: test/commands/vocabulary.test.ts lists them.
   */
  readonly key?: string;
  /** What the prompt starts from, where that is not the default: the default is for those who cannot be asked. */
  readonly suggested?: readonly string[];
  /** Given as a bare argument: rather than as a flag, or as well as by one. Only a flag has a variable and a key. */
  readonly positional?: boolean | 'too';
  /** One letter, for the few flags everyone's fingers know. */
  readonly char?: string;
  /**
   * The only validator of the value: flags, environment, answers file and prompts pass through it.
   * @throws UserError that says what is expected
   */
  parse(texts: readonly string[], values: Needs): T | Promise<T>;
  /** Of a list: reads one of its values, the `position`th from 1. `parse` reads each by this. */
  parseItem?(text: string, values: Needs, position: number): unknown;
  /** What was understood, for the person who has just answered at a prompt. Never a secret. */
  remark?(value: T): string | undefined;
}

export type Inputs = Readonly<Record<string, Input>>;

/** The values of a set of inputs once all are answered. */
export type Values<I extends Inputs> = { readonly [K in keyof I]: I[K] extends Input<infer T> ? T : never };

/** Inputs of which each finds among `V`, or among the others, what it reads. Where one does not, it does not compile. */
export type Complete<I extends Inputs, V = unknown> = {
  readonly [K in keyof I]: I[K] extends Input<infer T, infer Needs>
    ? V & Values<I> extends Needs
      ? I[K]
      : Input<T, V & Values<I>>
    : never;
};

/** Whatever has been answered, by input name. */
export type Answers = Readonly<Record<string, unknown>>;
