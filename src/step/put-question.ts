import { UserError } from '../core/errors.ts';
import { Undecided } from './earlier.ts';
import type { Input } from './input.ts';
import type { Back, Prompter } from './prompter.ts';
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
}

/** Puts a question, with what an account has to offer. Only good answers are accepted. */
export async function putQuestion({
  name,
  input,
  reader,
  prompter,
  values,
  present,
  problem,
}: Question): Promise<readonly string[] | Back> {
  const found = await offersOf(input, values);
  const description = [problem, input.hint?.(values) ?? input.description, found.problem].filter(Boolean).join('\n');
  const shown = { ...input, ...found.offers, ...(description && { description }) };
  const check = (texts: readonly string[]) => judge(name, input, texts, { reader, values });
  const remark = async (texts: readonly string[]) =>
    input.remark?.(await reader.value((await reader.typed(texts)).texts));
  const initial = present ?? input.suggested ?? defaultOf(input, values) ?? [];
  return prompter.ask(name, shown, initial, check, remark);
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
