import type { UserError } from '../core/errors.ts';

/** How an input is given, and how it is asked for. */
export type InputKind = 'text' | 'list' | 'boolean' | 'choice' | 'choices' | 'secret';

export interface Choice {
  readonly value: string;
  /** What the wizard shows. Default: the value. */
  readonly name?: string;
  /** One line shown while the choice is highlighted. */
  readonly description?: string;
}

/** What a service lists as answers to a question. */
export interface Listing {
  readonly choices: readonly Choice[];
  /** Who lists them, as warnings name it. Default: "your account". */
  readonly owner?: string;
  /** What to know about the list, in one line. */
  readonly note?: string;
  /** What Enter alone takes, if there is no answer yet. */
  readonly suggested?: string;
  /** Reports whether an answer is one of them, if not by the same text. */
  lists?(text: string): boolean;
  /** Says what is wrong with answers that are listed, such as two that do not go together. */
  warn?(texts: readonly string[]): string | undefined;
}

/** A usual combination of choices. */
export interface Preset {
  readonly name: string;
  readonly description: string;
  /** The choices. If absent, the user picks them one by one. */
  readonly values?: readonly string[];
}

/** What decides whether something is needed at all. */
export interface LackingOptions {
  /** Whether a person can be asked later, when the plan is known. */
  readonly canAsk: boolean;
  readonly isDryRun: boolean;
}

/**
 * One value the user supplies. Its flag, `SPACECTL_*` variable, key in spacectl.yaml, prompt and help all come from
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
  /** The wizard's question. Default: the summary. */
  readonly question?: string;
  /** Details, for `--help` and above the prompt. */
  readonly description?: string;
  /** The placeholder of the value in help: `FILE`, `REF`, `NAME=VALUE`. */
  readonly placeholder?: string;
  /** What there is to choose from. For text, suggestions. */
  readonly choices?: readonly Choice[];
  /** Other words for the choices. */
  readonly synonyms?: Readonly<Record<string, string>>;
  readonly default?: readonly string[] | ((values: Needs) => readonly string[] | undefined);
  /** Whether the value may be `undefined`, if it is not given and has no default. */
  readonly optional: boolean;
  /** Whether the wizard asks for it. */
  readonly asked: boolean | ((values: Needs) => boolean);
  /** Whether every command asks for it even if there is a default. Otherwise only the wizard does. */
  readonly askedDespiteDefault?: boolean;
  /** What to know before answering: shown at the prompt instead of the description. */
  readonly hint?: (values: Needs) => string | undefined;
  /**
   * Tries a value that was typed, such as the secret of an API key, before the next question.
   * @throws UserError that says what is wrong
   */
  tryOut?(value: T, values: Needs, signal: AbortSignal): Promise<void>;
  /** Names the earlier input that is asked for again, because a failed try is due to its answer. */
  readonly reopens?: (error: UserError) => string | undefined;
  /**
   * Asks an account what there is to choose from, such as its worker pools. Typing something else stays possible, and is
   * warned of. It is called only where a person is asked, and has a few seconds.
   * @throws UserError if the account cannot be asked
   */
  readonly lookUp?: (values: Needs, signal: AbortSignal) => Promise<readonly Choice[] | Listing>;
  /** Whether the wizard asks only if an account has several things to choose from. */
  readonly isAskedToChoose?: boolean;
  /** What leaving it out means, where there are things to choose from. Default: to decide later. */
  readonly leftOut?: string;
  /** What counts if it is left out, because the pool's folder has it: then the wizard does not ask. */
  readonly inForce?: (values: Needs) => string | undefined;
  /**
   * What the command lacks by all answers, though the input may be left out, such as a pool that the directory does
   * not name. It is reported together with everything else that is missing, or alone by the step that needs it.
   */
  readonly lacking?: (answers: Answers, options: LackingOptions) => readonly string[] | Promise<readonly string[]>;
  /** Whether something else asks for it later if it is left out, such as Terraform. */
  readonly isForLater?: boolean;
  /** For several choices: the combinations that the wizard offers first. */
  readonly presets?: readonly Preset[];
  /** The heading that the wizard shows above this question and those after it. */
  readonly heading?: string;
  /**
   * Whether the input has any effect, and whether it was itself given beforehand. Where it has none, its value is
   * `undefined`, and its flag is refused.
   */
  readonly when?: (values: Needs, isGiven: boolean) => boolean | Promise<boolean>;
  /**
   * The section of spacectl.yaml that it is in, such as `pool` or `bundle`. If absent, the section of the step that asks
   * for it, if that has one. `null`: it is never in the file.
   */
  readonly section?: string | null;
  /**
   * What its variable is named after, where a flag of the same name means something else to other commands. A declared
   * exception: test/commands/vocabulary.test.ts lists them.
   */
  readonly variable?: string;
  /** Its key in spacectl.yaml, where the flag's name is that of the section. */
  readonly key?: string;
  /**
   * For a secret: its file in the pool's folder, if not one called after the input. A typed secret is kept there; what is
   * there already is replaced only by a plan.
   */
  readonly keptAs?: string;
  /** Variables that Spacelift's CLI has for the same thing. Ours has priority. */
  readonly otherVariables?: readonly string[];
  /** The value the prompt starts with, if not the default. The default applies without a terminal. */
  readonly suggested?: readonly string[];
  /** Whether it is a positional argument: instead of a flag, or in addition to one. Only a flag has a variable and a key. */
  readonly positional?: boolean | 'too';
  /** One letter, for the few flags with a customary one. */
  readonly char?: string;
  /**
   * The only validator of the value: flags, environment, spacectl.yaml and prompts pass through it.
   * @throws UserError that says what is expected
   */
  parse(texts: readonly string[], values: Needs): T | Promise<T>;
  /** For lists: parses the value at `position`, counted from 1. `parse` calls it for each value. */
  parseItem?(text: string, values: Needs, position: number): unknown;
  /** How the answer was understood, shown after the prompt. Never a secret. */
  remark?(value: T): string | undefined;
}

export type Inputs = Readonly<Record<string, Input>>;

/** The values of a set of inputs once all are answered. */
export type Values<I extends Inputs> = { readonly [K in keyof I]: I[K] extends Input<infer T> ? T : never };

/** Inputs that read only each other and `V`. Others do not compile. */
export type Complete<I extends Inputs, V = unknown> = {
  readonly [K in keyof I]: I[K] extends Input<infer T, infer Needs>
    ? V & Values<I> extends Needs
      ? I[K]
      : Input<T, V & Values<I>>
    : never;
};

/** The answers so far, by input name. */
export type Answers = Readonly<Record<string, unknown>>;
