import { UserError } from '../core/errors.ts';
import { Undecided } from './earlier.ts';
import { type Answer, flagName, type Given, givenAnswer, isBare, isGiven, isRepeated, placeOf } from './given.ts';
import type { Input } from './input.ts';
import { BACK, type Back, type Prompter } from './prompter.ts';
import { defaultOf, putQuestion, type Reopened } from './put-question.ts';
import { type AnswerReader, createReader } from './read-answer.ts';

/** Who can be asked, and for what. */
export interface Asking {
  /** Absent if the user cannot be asked: without a terminal, in CI, with `--json` or `--no-input`. */
  readonly prompter?: Prompter | undefined;
  /** Whether to ask even if there is a default, as the wizard does. */
  readonly offersDefaults?: boolean;
  /** Which of the inputs that need no answer are asked for all the same. If absent, all that say so themselves. */
  readonly asksFor?: ((name: string) => boolean) | undefined;
  /** What was entered at prompts so far, by name: it goes before everything given. Further answers are added. */
  readonly entered?: Map<string, readonly string[]> | undefined;
  /** Whether nothing will be changed, so that nothing has to be confirmed. */
  readonly isDryRun?: boolean | undefined;
  /** The input to ask for even though it is answered. Going back from it keeps its answer. */
  readonly edit?: string | undefined;
}

/** An answer and its parsed value. */
export interface ReadAnswer extends Answer {
  readonly value: unknown;
}

/** Everything that the answer to one input may depend on. */
export interface Circumstances extends Asking {
  readonly given: Given;
  /** The values of the inputs before it. */
  readonly values: never;
  /** What was entered at its prompt before the user went back. */
  readonly left?: readonly string[] | undefined;
  /** Why it is asked for again: its answer contradicts another one. */
  readonly problem?: string | undefined;
}

/** Answers one input, if it has any effect. `undecided`: that depends on something that is missing. */
export async function answerTo(
  name: string,
  input: Input,
  circumstances: Circumstances,
): Promise<ReadAnswer | Back | Reopened | 'left out' | 'without effect' | 'undecided'> {
  const { given, values } = circumstances;
  try {
    if (input.when && !(await input.when(values, isGiven(name, input, given)))) return 'without effect';
    return await answerOf(name, input, circumstances);
  } catch (error) {
    if (error instanceof Undecided) return 'undecided';
    throw error;
  }
}

async function answerOf(
  name: string,
  input: Input,
  circumstances: Circumstances,
): Promise<ReadAnswer | Back | Reopened | 'left out'> {
  const { given, values, entered, edit, left, problem, prompter } = circumstances;
  const reader = createReader(input, values);
  const typed = entered?.get(name);
  const ask = async (present: readonly string[] | undefined, wrong = problem) => {
    if (!prompter) return BACK;
    const { presets, ...single } = input;
    const shown = name === edit ? single : input;
    const isWanted = name === edit || wrong !== undefined;
    const question = { name, input: shown, reader, prompter, values, present, isWanted };
    return putQuestion({ ...question, ...(wrong && { problem: wrong }) });
  };
  if (prompter && (name === edit || problem !== undefined)) {
    const isSecret = input.kind === 'secret';
    const present = left ?? typed ?? (isSecret ? undefined : (await givenAnswer(name, input, given))?.texts);
    const texts = await ask(present);
    if (texts !== BACK) return 'reopens' in texts ? texts : readTyped(name, input, texts, reader);
    if (name !== edit) return BACK;
  }
  if (typed) return readTyped(name, input, typed, reader);
  const early = await readGiven(name, input, circumstances, reader);
  if (early && !(early instanceof UserError)) return early;
  const initial = defaultOf(input, values);
  if (!early && (!prompter || !isAskedNow(name, input, circumstances))) {
    return initial ? readNamed(name, input, { texts: initial, origin: 'default' }, reader) : 'left out';
  }
  const texts = await ask(left, early?.message);
  return texts === BACK || 'reopens' in texts ? texts : readTyped(name, input, texts, reader);
}

/** Reads what was given. @returns what is wrong with a value of spacectl.yaml that the person can correct now */
async function readGiven(
  name: string,
  input: Input,
  { given, prompter }: Circumstances,
  reader: AnswerReader,
): Promise<ReadAnswer | UserError | undefined> {
  try {
    const early = await givenAnswer(name, input, given);
    return early && (await readNamed(name, input, early, reader));
  } catch (error) {
    const isSaved = !isGiven(name, input, { ...given, saved: {} });
    if (prompter && isSaved && error instanceof UserError) return error;
    throw error;
  }
}

/** Reports whether an input that has no answer yet is asked for. */
export function isAskedNow(
  name: string,
  input: Input,
  { values, offersDefaults, asksFor }: Pick<Circumstances, 'values' | 'offersDefaults' | 'asksFor'>,
): boolean {
  const hasDefault = (defaultOf(input, values) ?? []).length > 0;
  const mayAsk = offersDefaults || !hasDefault || input.askedDespiteDefault;
  if (!mayAsk || !isAsked(input, values) || input.inForce?.(values) !== undefined) return false;
  const isNeeded = !hasDefault && !input.optional;
  return isNeeded || (asksFor?.(name) ?? true);
}

/** Parses what was typed. Nothing is an answer only to a list that may be empty. */
async function readTyped(
  name: string,
  input: Input,
  texts: readonly string[],
  reader: AnswerReader,
): Promise<ReadAnswer | 'left out'> {
  if (texts.length === 0 && !(isRepeated(input) && input.optional)) return 'left out';
  return readNamed(name, input, { ...(await reader.typed(texts)), origin: 'prompt' }, reader);
}

/** Reports whether a person may want to answer an input, given the answers before it. */
export function isAsked({ asked }: Input, values: never): boolean {
  return typeof asked === 'function' ? asked(values) : asked;
}

/** Parses an answer. The error names the input and the origin of its value. */
async function readNamed(name: string, input: Input, answer: Answer, reader: AnswerReader): Promise<ReadAnswer> {
  const { texts, origin, variable } = answer;
  try {
    return { ...answer, value: await reader.value(texts) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'SPACECTL_BAD_INPUT') throw error;
    const isFiled = origin === 'answers file' || origin === 'saved';
    const place = variable ?? (isBare(input) ? name.toUpperCase() : `--${flagName(name, input)}`);
    const filed = `${origin === 'saved' ? 'spacectl.yaml' : 'answers file'}: ${placeOf(name, input)}`;
    throw new UserError(isFiled ? 'SPACECTL_BAD_ANSWERS' : error.code, `${isFiled ? filed : place}: ${error.message}`, {
      suggestions: error.suggestions,
      cause: error,
    });
  }
}
