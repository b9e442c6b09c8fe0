import type { Input } from './input.ts';

/** The answer of a person who wants the question before. */
export const BACK = Symbol('back');
export type Back = typeof BACK;

/**
 * Puts one question to a person. `check` is `true` for a good answer, and otherwise says what is wrong with it; `remark`
 * tells what was understood, if there is something to tell.
 */
export interface Prompter {
  /** Tells that an account is asked what there is to choose from, as long as that takes. */
  readonly whileLookingUp?: <T>(found: Promise<T>) => Promise<T>;
  ask(
    name: string,
    input: Input,
    initial: readonly string[],
    check: (texts: readonly string[]) => Promise<string | true>,
    remark: (texts: readonly string[]) => Promise<string | undefined>,
  ): Promise<readonly string[] | Back>;
}
