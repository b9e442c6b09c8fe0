import { UserError } from '../core/errors.ts';
import { Undecided } from './earlier.ts';
import { type Answer, flagName, type Given, givenAnswer, isBare, isGiven, isRepeated, placeOf } from './given.ts';
import type { Input } from './input.ts';
import { BACK, type Back, type Prompter } from './prompter.ts';
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
}

/** Answers one input, if it has any effect. `undecided`: that depends on something that is missing. */
export async function answerTo(
  name: string,
  input: Input,
  circumstances: Circumstances,
): Promise<ReadAnswer | Back | 'left out' | 'without effect' | 'undecided'> {
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
): Promise<ReadAnswer | Back | 'left out'> {
  const { given, values, entered, edit, prompter } = circumstances;
  const reader = createReader(input, values);
  const typed = entered?.get(name);
  if (name === edit && prompter) {
    const present = typed ?? (input.kind === 'secret' ? undefined : (await givenAnswer(name, input, given))?.texts);
    const texts = await putQuestion(name, input, reader, circumstances, present);
    if (texts !== BACK) return readTyped(name, input, texts, reader);
  }
  if (typed) return readTyped(name, input, typed, reader);
  const early = await givenAnswer(name, input, given);
  if (early) return readNamed(name, input, early, reader);
  const initial = defaultOf(input, values);
  if (!prompter || !isAskedNow(name, input, circumstances)) {
    return initial ? readNamed(name, input, { texts: initial, origin: 'default' }, reader) : 'left out';
  }
  const texts = await putQuestion(name, input, reader, circumstances, undefined);
  return texts === BACK ? BACK : readTyped(name, input, texts, reader);
}

/** Reports whether an input that has no answer yet is asked for. */
function isAskedNow(name: string, input: Input, { values, offersDefaults, asksFor }: Circumstances): boolean {
  const hasDefault = (defaultOf(input, values) ?? []).length > 0;
  const mayAsk = offersDefaults || !hasDefault || input.askedDespiteDefault;
  if (!mayAsk || !isAsked(input, values) || input.inForce?.(values) !== undefined) return false;
  const isNeeded = !hasDefault && !input.optional;
  return isNeeded || (asksFor?.(name) ?? true);
}

async function putQuestion(
  name: string,
  input: Input,
  reader: AnswerReader,
  { values, left, prompter, edit }: Circumstances,
  present: readonly string[] | undefined,
): Promise<readonly string[] | Back> {
  const hint = input.hint?.(values);
  const { presets, ...single } = input;
  const found = await offersOf(input, values);
  const description = [hint ?? input.description, found.problem].filter(Boolean).join('\n');
  const shown = { ...(name === edit ? single : input), ...found.offers, ...(description && { description }) };
  const check = (texts: readonly string[]) => judge(name, input, texts, { reader, values });
  const remark = async (texts: readonly string[]) =>
    input.remark?.(await reader.value((await reader.typed(texts)).texts));
  const initial = present ?? left ?? input.suggested ?? defaultOf(input, values) ?? [];
  return (await prompter?.ask(name, shown, initial, check, remark)) ?? BACK;
}

/** Milliseconds after which a service that is tried does not count as available. */
const TRY_MS = 15_000;
/** Milliseconds after which a person would rather type than wait for an account. */
const LOOK_UP_MS = 5_000;

/** Asks an account what there is to choose from. Where that fails, the person can still type. */
async function offersOf(
  { lookUp }: Input,
  values: never,
): Promise<{ readonly offers?: Pick<Input, 'choices'>; readonly problem?: string }> {
  if (!lookUp) return {};
  try {
    return { offers: { choices: await lookUp(values, AbortSignal.timeout(LOOK_UP_MS)) } };
  } catch (error) {
    if (error instanceof UserError) return { problem: `${error.message}. Type it instead.` };
    throw error;
  }
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

function defaultOf(input: Input, values: never): readonly string[] | undefined {
  return typeof input.default === 'function' ? input.default(values) : input.default;
}

/** Reports whether a person may want to answer an input, given the answers before it. */
export function isAsked({ asked }: Input, values: never): boolean {
  return typeof asked === 'function' ? asked(values) : asked;
}

/** Judges an answer at the prompt: `true`, or what is wrong with it. */
async function judge(
  name: string,
  input: Input,
  texts: readonly string[],
  { reader, values }: { readonly reader: AnswerReader; readonly values: never },
): Promise<string | true> {
  try {
    const value = await reader.value((await reader.typed(texts)).texts);
    await input.tryOut?.(value, values, AbortSignal.timeout(TRY_MS));
    return true;
  } catch (error) {
    if (error instanceof UserError) return [error.message, ...error.suggestions].join('\n');
    if (error instanceof Undecided) throw error;
    throw new Error(`parsing --${name} failed`, { cause: error });
  }
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
