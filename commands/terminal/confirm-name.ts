import { UserError } from '../../src/core/errors.ts';
import { wordFor } from '../../src/core/words.ts';
import type { Answered, Prompter } from '../../src/step/ask.ts';
import { type Input, text } from '../../src/step/input.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { formatReport } from './report.ts';

/**
 * Makes sure that what cannot be undone is meant: the name of what it is done to was given with `--confirm`, or is typed
 * now. The step has the input `confirm`, has refused another name, and tells the right one among its facts.
 * @throws UserError `SPACECTL_MISSING_INPUT` where nobody can be asked
 */
export async function confirmByName(
  plans: readonly StepPlan[],
  answered: Answered,
  prompter: Prompter | undefined,
): Promise<void> {
  const isDone = plans.every(({ plan }) => plan.changes.every(({ status }) => status === 'unchanged'));
  const { confirm } = answered.values;
  if (isDone || confirm !== undefined) return;
  const name = String(plans.map(({ plan }) => plan.facts?.['name']).find(Boolean));
  if (!prompter) {
    throw new UserError('SPACECTL_MISSING_INPUT', 'Missing --confirm NAME: this cannot be undone', {
      suggestions: [`--confirm ${wordFor(name)}`],
    });
  }
  process.stderr.write(await formatReport(plans, { dryRun: true }));
  const typed: Input = text({
    summary: 'The name',
    question: `This cannot be undone. Type the name of the worker pool, ${name}, to go on:`,
    parse: (given) => given,
  });
  const isIt = async ([given]: readonly string[]) => given === name || `That is not ${name}`;
  await prompter.ask('confirm', typed, [], isIt, async () => undefined);
}
