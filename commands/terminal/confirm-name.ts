import { UserError } from '../../src/core/errors.ts';
import { quoteIfNeeded } from '../../src/core/text.ts';
import type { Answered, Prompter } from '../../src/step/ask.ts';
import { type Input, text } from '../../src/step/input.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { say } from './output.ts';
import { formatReport } from './report.ts';

/**
 * Asks the user to type the pool's name before something that cannot be undone, unless `--confirm` was passed. The step has
 * the input `confirm`, has rejected a wrong name, and has the right one in its facts.
 * @throws UserError `SPACECTL_MISSING_INPUT` without a prompter
 */
export async function confirmByName(
  plans: readonly StepPlan[],
  answered: Answered,
  prompter: Prompter | undefined,
): Promise<void> {
  const isUnchanged = plans.every(({ plan }) => plan.changes.every(({ status }) => status === 'unchanged'));
  const { confirm } = answered.values;
  if (isUnchanged || confirm !== undefined) return;
  const name = String(plans.map(({ plan }) => plan.facts?.['name']).find(Boolean));
  if (!prompter) {
    throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --confirm NAME: this cannot be undone', {
      suggestions: [`Pass --confirm ${quoteIfNeeded(name)}`],
    });
  }
  say((await formatReport(plans, { dryRun: true })).trimEnd());
  const typed: Input = text({
    summary: 'The name',
    question: `This cannot be undone. Type the name of the worker pool, ${name}, to continue:`,
    parse: (given) => given,
  });
  const isRightName = async ([given]: readonly string[]) => given === name || `That is not ${name}`;
  await prompter.ask('confirm', typed, [], isRightName, async () => undefined);
}
