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
   * Whether the input plays a part, given the answers before it, and whether it was itself given beforehand. Where it does not, its
   * value is `undefined`, and its flag is refused.
   */
  readonly when?: (answers: Answers, isGiven: boolean) => boolean | Promise<boolean>;
  /** Its environment variable, where the one named after its flag means something else elsewhere: `SPACECTL_PROBE_HOST`. */
  readonly variable?: string;
  /** What the prompt starts from, where that is not the default: the default is for those who cannot be asked. */
  readonly suggested?: readonly string[];
  /** What its flag was called once: still taken there and in answers files, and shown nowhere. */
  readonly formerly?: string;
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

/** Whether the wizard asks for an input, given the answers before it. */
export function isAsked({ asked }: Pick<Input, 'asked'>, answers: Answers): boolean {
  return typeof asked === 'function' ? asked(answers) : asked;
}
