import { UserError } from '../core/errors.ts';
import { earlierIn, Undecided } from './earlier.ts';
import { type Answer, flagName, type Given, givenAnswer, isBare, isGiven, isRepeated, type Origin } from './given.ts';
import type { Answers, Input, Inputs } from './input.ts';
import { type AnswerReader, createReader } from './read-answer.ts';

/**
 * Puts one question to a person. `check` is `true` for a good answer, and otherwise says what is wrong with it; `remark`
 * tells what was understood, if there is something to tell.
 */
export interface Prompter {
  ask(
    name: string,
    input: Input,
    initial: readonly string[],
    check: (texts: readonly string[]) => Promise<string | true>,
    remark: (texts: readonly string[]) => Promise<string | undefined>,
  ): Promise<readonly string[]>;
}

export interface Answered {
  readonly values: Answers;
  /** The answers as text, for an answers file; secrets are not in it. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Who can be asked, and for what. */
export interface Asking {
  /** Absent if the user cannot be asked: without a terminal, in CI, with `--json` or `--no-input`. */
  readonly prompter?: Prompter | undefined;
  /** Whether to ask even if there is a default, as the wizard does. */
  readonly offersDefaults?: boolean;
}

/** An answer and its parsed value. */
interface Read extends Answer {
  readonly value: unknown;
}

/**
 * Answers every input: flag > environment > answers file > prompt > default.
 * @throws UserError `SPACECTL_MISSING_INPUT` naming all that is missing at once; `SPACECTL_BAD_INPUT` for a flag that
 * has no effect; what an input's `parse` throws
 */
export async function ask(inputs: Inputs, given: Given, asking: Asking = {}): Promise<Answered> {
  const values: Record<string, unknown> = {};
  const texts: Record<string, readonly string[]> = {};
  const origins: Record<string, Origin> = {};
  const missing: string[] = [];
  const earlier = earlierIn(inputs, values);
  for (const [name, input] of Object.entries(inputs)) {
    const outcome = await answerTo(name, input, given, earlier.values, asking);
    const isMissing = outcome === 'left out' && !input.optional;
    earlier.pass(name, isMissing || outcome === 'undecided');
    if (isMissing) missing.push(isBare(input) ? name.toUpperCase() : `--${flagName(name, input)}`);
    // The flag may belong to an input that is missing: then that is the error to report.
    if (outcome === 'without effect' && missing.length === 0) refuseFlag(name, input, given);
    if (typeof outcome === 'string') continue;
    values[name] = outcome.value;
    origins[name] = outcome.origin;
    if (input.kind !== 'secret') texts[name] = outcome.texts;
  }
  if (missing.length > 0) throw missingInput(missing);
  return { values, texts, origins };
}

/** Rejects a flag that would be ignored. Variables and answers files may hold more than one command needs. */
function refuseFlag(name: string, input: Input, { flags }: Given): void {
  const flag = flagName(name, input);
  const texts = flags[flag];
  if (!texts || (Array.isArray(input.default) && texts.join('\n') === input.default.join('\n'))) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--${flag} has no effect with these options`, {
    suggestions: ['Omit it, or pass the option that it depends on (see --help)'],
  });
}

/** Answers one input, if it has any effect. `undecided`: that depends on something that is missing. */
async function answerTo(
  name: string,
  input: Input,
  given: Given,
  values: never,
  asking: Asking,
): Promise<Read | 'left out' | 'without effect' | 'undecided'> {
  try {
    if (input.when && !(await input.when(values, isGiven(name, input, given)))) return 'without effect';
    return await answerOf(name, input, given, values, asking);
  } catch (error) {
    if (error instanceof Undecided) return 'undecided';
    throw error;
  }
}

async function answerOf(
  name: string,
  input: Input,
  given: Given,
  values: never,
  { prompter, offersDefaults = false }: Asking,
): Promise<Read | 'left out'> {
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
  const remark = async (texts: readonly string[]) => input.remark?.(await reader.value(await reader.typed(texts)));
  const typed = await prompter.ask(name, shown, input.suggested ?? initial ?? [], check, remark);
  if (typed.length === 0 && !(isRepeated(input) && input.optional)) return 'left out';
  return readNamed(name, input, { texts: await reader.typed(typed), origin: 'prompt' }, reader);
}

function isAsked({ asked }: Input, values: never): boolean {
  return typeof asked === 'function' ? asked(values) : asked;
}

/** Judges an answer at the prompt: `true`, or what is wrong with it. */
async function judge(name: string, texts: readonly string[], reader: AnswerReader): Promise<string | true> {
  try {
    await reader.value(await reader.typed(texts));
    return true;
  } catch (error) {
    if (error instanceof UserError) return [error.message, ...error.suggestions].join('\n');
    if (error instanceof Undecided) throw error;
    throw new Error(`parsing --${name} failed`, { cause: error });
  }
}

/** Parses an answer. The error names the input and the origin of its value. */
async function readNamed(name: string, input: Input, answer: Answer, reader: AnswerReader): Promise<Read> {
  const { texts, origin, variable } = answer;
  try {
    return { ...answer, value: await reader.value(texts) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'SPACECTL_BAD_INPUT') throw error;
    const place = variable ?? (isBare(input) ? name.toUpperCase() : `--${flagName(name, input)}`);
    const source = origin === 'answers file' ? ' (answers file)' : '';
    const code = origin === 'answers file' ? 'SPACECTL_BAD_ANSWERS' : error.code;
    throw new UserError(code, `${place}${source}: ${error.message}`, {
      suggestions: error.suggestions,
      cause: error,
    });
  }
}

function missingInput(missing: readonly string[]): UserError {
  return new UserError('SPACECTL_MISSING_INPUT', `Missing ${missing.join(', ')}`, {
    suggestions: [
      'Pass them as flags, as SPACECTL_* variables or with --answers FILE, or run in a terminal to be asked',
    ],
  });
}
