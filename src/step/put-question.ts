import { UserError } from '../core/errors.ts';
import { suggestionLine } from '../core/suggestion.ts';
import { Undecided } from './earlier.ts';
import type { Input } from './input.ts';
import { type Found, lookUpFor, warningAbout } from './look-up.ts';
import { BACK, type Back, type Prompter } from './prompter.ts';
import type { AnswerReader } from './read-answer.ts';

/** Milliseconds after which a service that is tried does not count as available. */
const TRY_MS = 15_000;

/** An earlier input that is asked for again, and what is wrong with its answer. */
export interface Reopened {
  readonly reopens: string;
  readonly problem: string;
}

/** One question, and all that it depends on. */
export interface Question {
  readonly name: string;
  readonly input: Input;
  readonly reader: AnswerReader;
  readonly prompter: Prompter;
  /** The values of the inputs before it. */
  readonly values: never;
  /** The answer that the prompt starts with, if not the usual one. */
  readonly present: readonly string[] | undefined;
  /** What is wrong with the answer it had. */
  readonly problem?: string;
  /** Whether the person wants to answer it. */
  readonly isWanted?: boolean;
}

/**
 * Puts a question, with what an account has to offer. Only good answers are accepted.
 * @returns an earlier question if the answer shows that its answer is wrong; no texts also where there is nothing to choose, and the question is only for that
 */
export async function putQuestion({
  name,
  input,
  reader,
  prompter,
  values,
  present,
  problem,
  isWanted = false,
}: Question): Promise<readonly string[] | Back | Reopened> {
  const { listing = { choices: [] }, problem: lookUpProblem } = await findListing(input, values, prompter);
  if (input.isAskedToChoose && !isWanted && listing.choices.length < 2) return [];
  const notes = [problem, input.hint?.(values) ?? input.description, listing.note];
  const description = [...notes, lookUpProblem && `${lookUpProblem}. Type the value instead.`]
    .filter(Boolean)
    .join('\n');
  const offers = input.lookUp && lookUpProblem === undefined && { choices: listing.choices };
  const shown = { ...input, ...offers, ...(description && { description }) };
  let reopened: Reopened | undefined;
  const check = async (texts: readonly string[]) => {
    const verdict = await judge(name, input, texts, { reader, values });
    reopened = typeof verdict === 'object' ? verdict : undefined;
    return typeof verdict === 'object' || verdict;
  };
  const remark = async (texts: readonly string[]) => {
    const understood = input.remark?.(await reader.value((await reader.typed(texts)).texts));
    const warning = warningAbout(name, texts, listing);
    return [understood, warning && `Warning: ${warning}`].filter(Boolean).join('\n') || undefined;
  };
  const suggested = listing.suggested === undefined ? input.suggested : [listing.suggested];
  const initial = present ?? suggested ?? defaultOf(input, values) ?? [];
  const answer = await prompter.ask(name, shown, initial, check, remark);
  return answer === BACK ? BACK : (reopened ?? answer);
}

/** Asks a service what there is to choose from, if the input has one. */
function findListing({ lookUp }: Input, values: never, prompter: Prompter): Promise<Partial<Found>> {
  if (!lookUp) return Promise.resolve({});
  const found = lookUpFor(lookUp, values);
  return prompter.whileLookingUp?.(found) ?? found;
}

/** Judges an answer at the prompt: `true`, or what is wrong with it or with an earlier one. */
async function judge(
  name: string,
  input: Input,
  texts: readonly string[],
  { reader, values }: { readonly reader: AnswerReader; readonly values: never },
): Promise<string | true | Reopened> {
  let isTried = false;
  try {
    const value = await reader.value((await reader.typed(texts)).texts);
    isTried = true;
    await input.tryOut?.(value, values, AbortSignal.timeout(TRY_MS));
    return true;
  } catch (error) {
    if (error instanceof UserError) {
      const problem = [error.message, ...error.suggestions.map(suggestionLine)].join('\n');
      const reopens = isTried ? input.reopens?.(error) : undefined;
      return reopens === undefined ? problem : { reopens, problem };
    }
    if (error instanceof Undecided) throw error;
    throw new Error(`parsing --${name} failed`, { cause: error });
  }
}

/** Returns the default of an input, given the answers before it. */
export function defaultOf(input: Input, values: never): readonly string[] | undefined {
  return typeof input.default === 'function' ? input.default(values) : input.default;
}
