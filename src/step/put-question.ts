import { UserError } from '../core/errors.ts';
import { Undecided } from './earlier.ts';
import { plainName } from './given.ts';
import type { Choice, Input } from './input.ts';
import { BACK, type Back, type Prompter } from './prompter.ts';
import type { AnswerReader } from './read-answer.ts';

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
  /** Answers that the account does not have, by name. */
  readonly answerWarnings?: Map<string, string> | undefined;
}

/**
 * Puts a question, with what an account has to offer. Only good answers are accepted.
 * @returns no texts also where there is nothing to choose, and the question is only for that
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
  answerWarnings,
}: Question): Promise<readonly string[] | Back> {
  const found = await offersOf(input, values);
  const { choices = [] } = found.offers ?? {};
  if (input.isAskedToChoose && !isWanted && choices.length < 2) return [];
  const description = [problem, input.hint?.(values) ?? input.description, found.problem].filter(Boolean).join('\n');
  const shown = { ...input, ...found.offers, ...(description && { description }) };
  const check = (texts: readonly string[]) => judge(name, input, texts, { reader, values });
  const remark = async (texts: readonly string[]) => {
    const understood = input.remark?.(await reader.value((await reader.typed(texts)).texts));
    const warning = warningAbout(name, texts, choices);
    return [understood, warning && `Warning: ${warning}`].filter(Boolean).join('\n') || undefined;
  };
  const initial = present ?? input.suggested ?? defaultOf(input, values) ?? [];
  const texts = await prompter.ask(name, shown, initial, check, remark);
  if (texts === BACK) return BACK;
  const warning = warningAbout(name, texts, choices);
  if (warning === undefined) answerWarnings?.delete(name);
  else answerWarnings?.set(name, warning);
  return texts;
}

/** Says which answers the account does not list. They are accepted: what it lists depends on rights. */
function warningAbout(name: string, texts: readonly string[], choices: readonly Choice[]): string | undefined {
  if (choices.length === 0) return undefined;
  const unknown = texts.filter((text) => choices.every(({ value }) => value !== text));
  return unknown.length === 0 ? undefined : `${plainName(name)}: your account does not list ${unknown.join(', ')}`;
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
    return { offers: { choices: await inTime(lookUp, values) } };
  } catch (error) {
    if (error instanceof UserError) return { problem: `${error.message}. Type it instead.` };
    throw error;
  }
}

/** Looks up within the deadline, whether or not the source minds its signal. @throws UserError */
async function inTime(lookUp: NonNullable<Input['lookUp']>, values: never): Promise<readonly Choice[]> {
  const signal = AbortSignal.timeout(LOOK_UP_MS);
  const late = new Promise<never>((_, reject) => {
    const message = `What there is to choose from was not known within ${LOOK_UP_MS / 1000} seconds`;
    signal.addEventListener('abort', () => reject(new UserError('SPACECTL_UNREACHABLE', message)));
  });
  const found = lookUp(values, signal);
  // Who is late may fail later, when no one waits any more.
  found.catch(() => {});
  late.catch(() => {});
  return Promise.race([found, late]);
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

/** Returns the default of an input, given the answers before it. */
export function defaultOf(input: Input, values: never): readonly string[] | undefined {
  return typeof input.default === 'function' ? input.default(values) : input.default;
}
