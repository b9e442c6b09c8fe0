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
  readonly entered?: readonly string[] | undefined;
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
  { given, values, entered, prompter, offersDefaults = false }: Circumstances,
): Promise<ReadAnswer | Back | 'left out'> {
  const reader = createReader(input, values);
  const early = await givenAnswer(name, input, given);
  if (early) return readNamed(name, input, early, reader);
  const initial = typeof input.default === 'function' ? input.default(values) : input.default;
  const hasDefault = initial !== undefined && initial.length > 0;
  const mayAsk = offersDefaults || !hasDefault || input.askedDespiteDefault;
  if (!prompter || !mayAsk || !isAsked(input, values)) {
    return initial ? readNamed(name, input, { texts: initial, origin: 'default' }, reader) : 'left out';
  }
  const hint = input.hint?.(values);
  const shown = hint ? { ...input, description: hint } : input;
  const check = (texts: readonly string[]) => judge(name, texts, reader);
  const remark = async (texts: readonly string[]) =>
    input.remark?.(await reader.value((await reader.typed(texts)).texts));
  const typed = await prompter.ask(name, shown, entered ?? input.suggested ?? initial ?? [], check, remark);
  if (typed === BACK) return BACK;
  if (typed.length === 0 && !(isRepeated(input) && input.optional)) return 'left out';
  return readNamed(name, input, { ...(await reader.typed(typed)), origin: 'prompt' }, reader);
}

function isAsked({ asked }: Input, values: never): boolean {
  return typeof asked === 'function' ? asked(values) : asked;
}

/** Judges an answer at the prompt: `true`, or what is wrong with it. */
async function judge(name: string, texts: readonly string[], reader: AnswerReader): Promise<string | true> {
  try {
    await reader.value((await reader.typed(texts)).texts);
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
