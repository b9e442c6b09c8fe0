import path from 'node:path';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { POOL_FILE } from '../../src/pool-folder/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { say } from './output.ts';
import { confirm } from './prompter.ts';
import { formatReport } from './report.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

/** Prints the wizard's introduction. */
export function greet(): void {
  say(style.bold('Set up a Spacelift worker pool and its hosts'));
  const text =
    'Press Enter to accept the answer in grey. Your answers are saved as you give them; nothing else is written until you have seen and confirmed the plan. Press Ctrl-C to quit, and run the same command to go on.';
  say(style.dim(wrapWords(text, process.stderr)));
}

/** Shows the plan, and asks whether to apply it. @returns the plans to apply; `undefined` if the user says no */
export async function agreeToPlan(plans: readonly StepPlan[]): Promise<readonly StepPlan[] | undefined> {
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
  return plans.map(({ step, plan: { notes, warnings, ...plan } }) => ({ step, plan }));
}

/** Says where the answers are, after a failure such as a lost network. */
export function sayWhatIsSaved({ texts: { dir: [dir = '.'] = [] } }: Answered): void {
  say(`\nNothing but ${path.join(dir, POOL_FILE)} was changed: it has your answers. To go on:`);
  say(`spacectl init ${quoteIfNeeded(dir)}`);
}
