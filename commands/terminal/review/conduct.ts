import path from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { suggestionLine } from '../../../src/core/suggestion.ts';
import type { Answered } from '../../../src/step/ask.ts';
import type { Inputs } from '../../../src/step/input.ts';
import { BACK, type Back } from '../../../src/step/prompter.ts';
import type { StepPlan } from '../../../src/step/run.ts';
import { plainReview } from '../plain/plain-review.ts';
import { terminalReader } from '../reader/index.ts';
import { show } from '../screen/view.ts';
import { stopSignal } from '../signals.ts';
import { whileLookingUp, whileLookingUpPlainly } from '../waiting.ts';
import { fileView } from './file-view.ts';
import { reviewLines } from './lines.ts';
import { planLines, plannedText } from './plan-lines.ts';
import { type Decision, type Review, reviewView } from './review-view.ts';

/** What the review needs from the command it belongs to. */
export interface Reviewed {
  readonly inputs: Inputs;
  /** The input that says what to render. */
  readonly targetName: string;
  readonly isPlain: boolean;
  /** Asks for one input again, and answers all others as before. @throws UserError if they no longer fit together */
  edit(name: string): Promise<Answered>;
  /** Says what else the person can do about an error of the plan. */
  waysAround(error: UserError, answered: Answered): readonly string[];
  /** Says which answers are not what services list. */
  answerWarnings(answered: Answered): Promise<readonly string[]>;
  /** Reports whether the directory can be deployed from here once the plans are applied. @param open inputs without a value */
  canDeploy(answered: Answered, plans: readonly StepPlan[], open: readonly string[]): boolean;
  /** Plans what the answers ask for. @throws UserError */
  plan(answered: Answered): Promise<readonly StepPlan[]>;
}

/** Answers and plans that the person agreed to. */
export interface Agreed {
  /** Whether to deploy the directory afterwards. */
  readonly deploys: boolean;
  readonly answered: Answered;
  readonly plans: readonly StepPlan[];
}

/** What there is to review: plans, or why there are none. */
interface State {
  readonly answered: Answered;
  readonly plans: readonly StepPlan[] | undefined;
  readonly remarks: readonly string[];
}

/**
 * Shows all answers and the plan until the person applies it or leaves. After an edit, the plan is made again.
 * @returns `undefined` if the person leaves
 */
export async function reviewUntilAgreed(first: Answered, command: Reviewed): Promise<Agreed | undefined> {
  let state = await planned(first, command);
  let start = openLine(state, command);
  const reader = terminalReader();
  reader.open();
  try {
    for (let isNew = true; ; ) {
      if (!command.isPlain) reader.setFullScreen(true);
      const decision = await decide(await reviewOf(state, start, command), command.isPlain, isNew);
      isNew = false;
      if (decision === BACK) return undefined;
      if (decision.kind === 'show') await showFile(state, decision.file);
      else if (decision.kind === 'edit') {
        state = await edited(state, decision.name, command);
        isNew = true;
      } else if (state.plans) return { answered: state.answered, plans: state.plans, deploys: decision.deploys };
      else {
        state = await planned(state.answered, command);
        isNew = true;
      }
      if (decision.kind === 'show') start = decision.file;
      if (decision.kind === 'edit') start = openLine(state, command, decision.name) ?? decision.name;
    }
  } finally {
    reader.setFullScreen(false);
  }
}

/** Finds the first line that wants an answer, or the next one after another line. */
function openLine({ answered }: State, { inputs, targetName }: Reviewed, after?: string): string | undefined {
  const lines = reviewLines(inputs, answered, targetName);
  const from = lines.findIndex(({ name }) => name === after) + 1;
  return lines.slice(from).find(({ source }) => source === 'open')?.name;
}

function decide(review: Review, isPlain: boolean, isNew: boolean): Promise<Decision | Back> {
  return isPlain ? plainReview(review) : show(reviewView(review), { dropsTypeAhead: isNew });
}

async function reviewOf({ answered, plans, remarks }: State, start: string | undefined, command: Reviewed) {
  const lines = reviewLines(command.inputs, answered, command.targetName);
  const plan = await planLines(plans ?? []);
  const isDone = plans?.every(({ plan: { changes } }) => changes.every(({ status }) => status === 'unchanged'));
  const open = lines.filter(({ source }) => source === 'open').map(({ name }) => name);
  const canDeploy = plans !== undefined && command.canDeploy(answered, plans, open);
  return {
    lines,
    plan,
    remarks,
    enter: plans === undefined ? 'tries again' : isDone ? 'finishes: nothing is to be changed' : 'applies the plan',
    deploy: canDeploy ? (isDone ? 'deploys' : 'also deploys') : undefined,
    start,
    targetName: command.targetName,
  };
}

/** Makes the plan, and compares the answers with what services list meanwhile. */
async function planned(answered: Answered, command: Reviewed): Promise<State> {
  const warnings = command.answerWarnings(answered);
  warnings.catch(() => {});
  const state = await planOrProblem(answered, command);
  const found = await (command.isPlain ? whileLookingUpPlainly : whileLookingUp)(warnings);
  // The plan may say the same.
  return { ...state, remarks: [...new Set([...found.map((warning) => `Warning: ${warning}`), ...state.remarks])] };
}

/** Makes the plan. A failure is something to read and to fix on the review. */
async function planOrProblem(answered: Answered, command: Reviewed): Promise<State> {
  try {
    const plans = await command.plan(answered);
    const remarks = plans.flatMap(({ plan: { warnings = [] } }) => warnings.map((warning) => `Warning: ${warning}`));
    return { answered, plans, remarks };
  } catch (error) {
    const ways = error instanceof UserError ? command.waysAround(error, answered) : [];
    return { answered, plans: undefined, remarks: [...remarksOn(error), ...ways.map((each) => `Or: ${each}`)] };
  }
}

/** Asks for one line again. If the answers then no longer fit together, the line stays as it was. */
async function edited(state: State, name: string, command: Reviewed): Promise<State> {
  try {
    return await planned(await command.edit(name), command);
  } catch (error) {
    return { ...state, remarks: remarksOn(error) };
  }
}

/** @throws the error, if the user cannot fix it */
function remarksOn(error: unknown): readonly string[] {
  if (!(error instanceof UserError) || stopSignal.aborted) throw error;
  return [`Error: ${error.message}`, ...error.suggestions.map((each) => `Try: ${suggestionLine(each)}`)];
}

async function showFile({ plans = [] }: State, file: string): Promise<void> {
  const text = await plannedText(plans ?? [], file);
  if (text !== undefined) await show(fileView(path.relative('', file), text));
}
