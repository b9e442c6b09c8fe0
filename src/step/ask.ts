import { UserError } from '../core/errors.ts';
import { type Answer, flagName, type Given, givenAnswer, isGiven, isRepeated, type Origin, unwrap } from './given.ts';
import { type Answers, type Input, type Inputs, isAsked } from './input.ts';

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

/**
 * Answers every input: flag > environment > answers file > prompt > default.
 * @param prompter absent where nobody can be asked
 * @throws UserError `SPACECTL_MISSING_INPUT` naming all that is missing at once; `SPACECTL_BAD_INPUT` for a flag that
 * plays no part; what an input's `parse` throws
 */
export async function ask(inputs: Inputs, given: Given, prompter?: Prompter): Promise<Answered> {
  const values: Record<string, unknown> = {};
  const texts: Record<string, readonly string[]> = {};
  const origins: Record<string, Origin> = {};
  const missing: string[] = [];
  for (const [name, input] of Object.entries(inputs)) {
    if (input.when && !(await input.when(values, isGiven(name, input, given)))) {
      // What is missing may be what the flag goes with: then that is the thing to say.
      if (missing.length === 0) refuseFlag(name, input, given);
      continue;
    }
    const answer = await answerOf(name, input, given, values, prompter);
    if (!answer) {
      if (!input.optional) missing.push(input.positional ? name.toUpperCase() : `--${flagName(name, input)}`);
      continue;
    }
    values[name] = await parseNamed(name, input, answer, values);
    origins[name] = answer.origin;
    if (input.kind !== 'secret') texts[name] = answer.texts;
  }
  if (missing.length > 0) throw missingInput(missing);
  return { values, texts, origins };
}

/**
 * A flag that would be dropped in silence is meant to do something. Environment and answers file are written for more
 * than one command, and may say more than is needed.
 */
function refuseFlag(name: string, input: Input, { flags }: Given): void {
  const flag = flagName(name, input);
  const texts = flags[flag];
  if (!texts || (Array.isArray(input.default) && texts.join('\n') === input.default.join('\n'))) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--${flag} plays no part here: ${input.summary}`, {
    suggestions: ['Leave it out, or give what it goes with (see --help)'],
  });
}

/** The text of one answer, or nothing where there is none. */
async function answerOf(
  name: string,
  input: Input,
  given: Given,
  answers: Answers,
  prompter: Prompter | undefined,
): Promise<Answer | undefined> {
  const early = await givenAnswer(name, input, given);
  if (early) return early;
  const initial = typeof input.default === 'function' ? input.default(answers) : input.default;
  if (prompter && isAsked(input, answers)) {
    const check = (texts: readonly string[]) => judge(name, input, texts, answers);
    const remark = async (texts: readonly string[]) =>
      input.remark?.(await input.parse(await unwrap(input, texts), answers));
    const hint = input.hint?.(answers);
    const shown = hint ? { ...input, description: hint } : input;
    const texts = await prompter.ask(name, shown, input.suggested ?? initial ?? [], check, remark);
    const isAnswered = texts.length > 0 || (isRepeated(input) && input.optional);
    return isAnswered ? { texts: await unwrap(input, texts), origin: 'prompt' } : undefined;
  }
  return initial && { texts: initial, origin: 'default' };
}

/** Judges an answer at the prompt: `true`, or what is wrong with it. */
async function judge(name: string, input: Input, texts: readonly string[], answers: Answers): Promise<string | true> {
  try {
    await input.parse(await unwrap(input, texts), answers);
    return true;
  } catch (error) {
    if (error instanceof UserError) return [error.message, ...error.suggestions].join('\n');
    throw new Error(`parsing --${name} failed`, { cause: error });
  }
}

/** Parses an answer; the message of a refusal says which input it was and where its value came from. */
async function parseNamed(name: string, input: Input, answer: Answer, answers: Answers): Promise<unknown> {
  const { texts, origin, variable } = answer;
  try {
    return await input.parse(texts, answers);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'SPACECTL_BAD_INPUT') throw error;
    const flag = flagName(name, input);
    const place = variable ?? (input.positional ? name.toUpperCase() : `--${flag}`);
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
