import path from 'node:path';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { formatAnswers } from '../../src/step/answers.ts';
import { apply } from '../../src/step/apply.ts';
import type { Answered } from '../../src/step/ask.ts';
import { known } from '../../src/step/content.ts';
import type { Inputs } from '../../src/step/input.ts';
import { createPlanner } from '../../src/step/plan.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { step } from '../../src/step/step.ts';
import { say } from './output.ts';
import { confirm } from './prompter.ts';
import { formatReport } from './report.ts';
import { stopSignal } from './signals.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

/** Prints the wizard's introduction. */
export function greet(): void {
  say(style.bold('Set up a Spacelift worker pool and its hosts'));
  const text =
    'Press Enter to accept the answer in grey. Nothing is written until you have seen and confirmed the plan. Press Ctrl-C to quit.';
  say(style.dim(wrapWords(text, process.stderr)));
}

/**
 * Shows the plan, asks whether to apply it, and offers to save the answers for next time.
 * @returns the plans to apply, with the answers file if the user wants it; `undefined` if the user says no
 */
export async function agreeToPlan(
  plans: readonly StepPlan[],
  inputs: Inputs,
  answered: Answered,
): Promise<readonly StepPlan[] | undefined> {
  if (plans.every(({ plan }) => plan.changes.every(({ status }) => status === 'unchanged'))) {
    say(`\n${style.bold('Nothing to do: everything is up to date.')}`);
    return plans;
  }
  const withoutNext = plans.map(({ step, plan: { next, ...plan } }) => ({ step, plan }));
  say(`\n${style.bold('Planned changes')}\n${await formatReport(withoutNext, { dryRun: true })}`);
  if (!(await confirm('Apply these changes?', true))) {
    say('Cancelled. Nothing was changed.');
    return undefined;
  }
  // Its notes and warnings have just been read; what comes to light while the plan is applied has not.
  const untold = plans.map(({ step, plan: { notes, warnings, ...plan } }) => ({ step, plan }));
  const saved = await offerToSave(inputs, answered);
  // The answers are written first, so that they are saved even if something fails. How to use them is said last.
  const writing = saved.map(({ step, plan: { next, ...plan } }) => ({ step, plan }));
  const afterwards = saved.map(({ step, plan }) => ({ step, plan: { ...plan, changes: [] } }));
  return [...writing, ...untold, ...afterwards];
}

/** Offers to save the answers after a failure, such as a lost network, so that they need not be entered again. */
export async function rescueAnswers(inputs: Inputs, answered: Answered): Promise<void> {
  say('\nNothing was changed.');
  for (const { plan } of await offerToSave(inputs, answered)) {
    await apply(plan, stopSignal);
    for (const next of plan.next ?? []) say(next);
  }
}

/** Offers to save the answers, without secrets, in the pool's folder. @returns the plan for it; empty if not wanted */
async function offerToSave(inputs: Inputs, answered: Answered): Promise<readonly StepPlan[]> {
  const { dir: [dir = '.'] = [] } = answered.texts;
  const file = path.join(dir, 'spacectl-answers.yaml');
  const answers = step({
    id: 'answers',
    title: 'the answers',
    inputs: {},
    plan: async (_, planner) => ({
      changes: [await planner.file({ path: file, content: known(formatAnswers(inputs, answered)) })],
      next: [`To run again without these questions: spacectl init --answers ${quoteIfNeeded(file)}`],
    }),
  });
  const plan = await answers.plan({}, createPlanner({ step: answers.id, planned: [], signal: stopSignal }));
  const status = plan.changes[0]?.status;
  if (status === 'refuse') return [];
  const question =
    status === 'change' ? `Replace the answers saved in ${file}?` : `Save the answers (no secrets) to ${file}?`;
  return status === 'unchanged' || (await confirm(question, true)) ? [{ step: answers, plan }] : [];
}
