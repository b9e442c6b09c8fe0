import { type Asking, answerTo, isAsked, isAskedNow, type ReadAnswer } from './answer-one.ts';
import { contradictionAt } from './contradiction.ts';
import { earlierIn } from './earlier.ts';
import { type FileAnswers, type Given, type Origin, placeOf } from './given.ts';
import { type Entry, ignoredWith, missingInput } from './incomplete.ts';
import type { Answers, Input, Inputs } from './input.ts';
import { notingAnswers } from './noting-answers.ts';
import { BACK } from './prompter.ts';
import type { Rule } from './rule.ts';
import { explainWithoutEffect, type Refusal, withoutEffectError } from './without-effect.ts';

export type { Asking } from './answer-one.ts';
export { BACK, type Back, type Prompter } from './prompter.ts';

export interface Answered {
  readonly values: Answers;
  /** The answers as text, without secrets: that of a secret is the name of its file, if it was read from one. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly origins: Readonly<Record<string, Origin>>;
  /** The inputs that a person may want to answer, answered or not. */
  readonly offered: ReadonlySet<string>;
}

/** What a conversation reads and tells between its questions. */
export interface Listening {
  /** Rules between answers. A person who breaks one at a prompt is asked again there. */
  readonly rules?: readonly Rule[] | undefined;
  /** Reads what the pool's folder says, once its directory is known. */
  readonly readSaved?: ((dir: string) => Promise<FileAnswers>) | undefined;
  /**
   * Called with each secret that was typed, so that it can be kept at once.
   * @returns the file that it is in now; `undefined` if it is not kept
   */
  readonly onSecret?:
    | ((name: string, input: Input, text: string, values: Answers) => Promise<string | undefined>)
    | undefined;
  /**
   * Called with each answer that was typed, before the next question, so that it can be saved at once. No texts: the user
   * left it empty.
   */
  readonly onTyped?:
    | ((name: string, input: Input, texts: readonly string[], values: Answers) => Promise<void>)
    | undefined;
}

/**
 * Answers every input: flag > environment > answers file > spacectl.yaml > prompt > default. The directory is answered
 * first, because spacectl.yaml is in it. At a prompt, the user may go back to the previous one, or to an answer of
 * spacectl.yaml that would have been asked for; everything asked since is then answered again, and what was entered before
 * this conversation is kept.
 * @throws UserError `SPACECTL_MISSING_INPUT` naming all that is missing at once; `SPACECTL_BAD_INPUT` for a flag that
 * has no effect; what an input's `parse` throws
 */
export async function ask(inputs: Inputs, beforehand: Given, asking: Asking & Listening = {}): Promise<Answered> {
  let given = beforehand;
  const values: Record<string, unknown> = {};
  const texts: Record<string, readonly string[]> = {};
  const origins: Record<string, Origin> = {};
  const missing = new Map<string, Entry>();
  const offered = new Set<string>();
  const entered = asking.entered ?? new Map<string, readonly string[]>();
  const before = new Map(entered);
  const left = new Map<string, readonly string[]>();
  const problems = new Map<string, string>();
  const prompted = new Set<string>();
  const ignored = new Set<string>();
  const refusals: Refusal[] = [];
  const earlier = earlierIn(inputs, values);
  const all = directoryFirst(inputs);
  let isEditLeft = false;
  const onBack = (name: string) => {
    isEditLeft ||= name === asking.edit;
  };
  const prompter = asking.prompter && notingAnswers(asking.prompter, { prompted, entered, onBack });
  const noted = { ...asking, entered, prompter };
  const reopen = (name: string) => {
    earlier.forget(name);
    for (const each of [missing, ignored, offered]) each.delete(name);
    for (const each of [values, texts, origins]) delete each[name];
  };
  const forget = (name: string) => {
    reopen(name);
    prompted.delete(name);
    problems.delete(name);
    const answer = entered.get(name);
    if (answer && inputs[name]?.kind !== 'secret') left.set(name, answer);
    const kept = before.get(name);
    if (kept) entered.set(name, kept);
    else entered.delete(name);
  };
  /** Asks for an earlier input again, if the answers so far contradict each other. @returns its index */
  const contradicted = (name: string): number | undefined => {
    const progress = {
      order: all.map(([each]) => each),
      values,
      origins,
      prompted,
      offered,
      isSettled: earlier.isSettled,
    };
    if (!prompter || isEditLeft || missing.size > 0) return undefined;
    const found = contradictionAt(name, asking.rules ?? [], progress);
    if (!found) return undefined;
    const [from, to] = [progress.order.indexOf(found.name), progress.order.indexOf(name)];
    for (const each of progress.order.slice(from, to + 1)) reopen(each);
    forget(found.name);
    problems.set(found.name, found.problem);
    return from;
  };
  for (let index = 0, entry = all[0]; entry; entry = all[++index]) {
    const [name, input] = entry;
    const [answerLeft, problem] = [left.get(name), problems.get(name)];
    const circumstances = { ...noted, given, values: earlier.seenBy(name), left: answerLeft, problem };
    const outcome = await answerTo(name, input, circumstances);
    if (outcome === BACK) {
      const isSaved = ([each, other]: Entry) =>
        asking.edit === undefined &&
        origins[each] === 'saved' &&
        other.kind !== 'secret' &&
        isAskedNow(each, other, { ...noted, values: earlier.seenBy(each) });
      const previous = all.findLastIndex((each, at) => at < index && (prompted.has(each[0]) || isSaved(each)));
      const from = previous < 0 ? index : previous;
      const [to = name] = all[from] ?? [];
      // A saved answer is not asked for unless it has a problem, if only that the user wants to see it.
      const isReasked = previous < 0 ? problem === '' : asking.edit === undefined;
      for (const [each] of all.slice(from, index + 1)) forget(each);
      if (isReasked) problems.set(to, '');
      index = from - 1;
      continue;
    }
    if (typeof outcome === 'object' && 'reopens' in outcome) {
      const from = all.findIndex(([each]) => each === outcome.reopens);
      if (from < 0) throw new Error(`${name} reopens ${outcome.reopens}, which is not asked for`);
      for (const [each] of all.slice(from, index)) reopen(each);
      for (const each of [outcome.reopens, name]) forget(each);
      problems.set(outcome.reopens, outcome.problem);
      index = from - 1;
      continue;
    }
    const isMissing = outcome === 'left out' && !input.optional;
    earlier.pass(name, isMissing || outcome === 'undecided');
    if (isMissing) missing.set(name, entry);
    if (outcome === 'without effect') ignored.add(name);
    // The flag may belong to an input that is missing: then that is the error to report.
    const unused = missing.size === 0 ? ignoredWith(entry, all, ignored, given) : [];
    if (unused.length > 0) {
      const situation = { inputs, given, values, texts, origins, ignored };
      for (const each of unused) refusals.push(await explainWithoutEffect(each, situation));
      // No more is asked before that is told.
      if (prompter) throw withoutEffectError(refusals);
    }
    const hasEffect = outcome !== 'without effect';
    if (hasEffect && missing.size === 0 && isAsked(input, earlier.seenBy(name))) offered.add(name);
    problems.delete(name);
    if (typeof outcome === 'string') {
      if (prompted.has(name)) await asking.onTyped?.(name, input, [], values);
    } else {
      values[name] = outcome.value;
      origins[name] = outcome.origin;
      const isTyped = prompted.has(name) && outcome.origin === 'prompt';
      const keeps = isTyped && input.kind === 'secret' && !isFiled(name, input, outcome);
      const file = keeps ? await asking.onSecret?.(name, input, outcome.texts[0] ?? '', values) : undefined;
      const shown = shownTexts(input, { ...outcome, ...(file && { file }) });
      if (shown) texts[name] = shown;
      if (isTyped && shown) await asking.onTyped?.(name, input, shown, values);
      if (name === 'dir' && asking.readSaved)
        given = { ...given, saved: await asking.readSaved(String(outcome.value)) };
    }
    const from = contradicted(name);
    if (from !== undefined) index = from - 1;
  }
  if (refusals.length > 0) throw withoutEffectError(refusals);
  const lacking = await lackingIn(all, values, asking);
  if (missing.size > 0 || lacking.length > 1) throw missingInput([...missing.values()], lacking);
  return { values, texts, origins, offered };
}

function directoryFirst(inputs: Inputs): readonly Entry[] {
  const { dir, ...others } = inputs;
  return dir ? [['dir', dir], ...Object.entries(others)] : Object.entries(inputs);
}

/** Reports whether spacectl.yaml will name the file of a secret. */
function isFiled(name: string, input: Input, { file }: ReadAnswer): boolean {
  return file !== undefined && placeOf(name, input) !== undefined;
}

/** Returns an answer's texts as they may be shown and saved. */
function shownTexts({ kind }: Input, { texts, file }: ReadAnswer): readonly string[] | undefined {
  if (kind !== 'secret') return texts;
  return file === undefined ? undefined : [file];
}

/** Lists what inputs that may be left out say is lacking. */
async function lackingIn(all: readonly Entry[], values: Answers, asking: Asking): Promise<readonly string[]> {
  const options = { canAsk: asking.prompter !== undefined, isDryRun: asking.isDryRun === true };
  const found = all.map(async ([, { lacking }]) => lacking?.(values, options) ?? []);
  return (await Promise.all(found)).flat();
}
