import { UserError } from '../../src/core/errors.ts';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { WAIT } from '../../src/deploy/index.ts';
import type { Prompter } from '../../src/step/prompter.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { say } from './output.ts';
import { printable, printableLines } from './printable.ts';
import { formatReport } from './report.ts';

/**
 * Shows what a deployment would change, Terraform's plans whole, and asks whether to do it.
 * @throws UserError `SPACECTL_MISSING_INPUT` without a prompter
 */
export async function agreeToDeploy(
  plans: readonly StepPlan[],
  {
    dir,
    isAgreed,
    prompter,
  }: { readonly dir: string; readonly isAgreed: boolean; readonly prompter: Prompter | undefined },
): Promise<boolean> {
  // To wait for workers changes nothing.
  const changing = plans.filter(({ step }) => step.id !== WAIT);
  if (changing.every(({ plan }) => plan.changes.every(({ status }) => status === 'unchanged'))) return true;
  for (const { plan } of plans) {
    const text = plan.facts?.['plan'];
    if (typeof text === 'string' && text !== '') say(`${printableLines(text)}\n`);
  }
  if (isAgreed) return true;
  if (!prompter) {
    throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --yes: nothing was changed', {
      suggestions: ['Look at the plan with --dry-run, then pass --yes'],
    });
  }
  say((await formatReport(plans, { dryRun: true })).trimEnd());
  const { confirm } = await import('./prompter.ts');
  if (await confirm(printable('Do this now?'), false)) return true;
  say('Nothing was changed. To deploy later:');
  say(`spacectl deploy ${quoteIfNeeded(dir)}`);
  return false;
}
