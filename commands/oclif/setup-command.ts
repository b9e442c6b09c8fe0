import { keepAnswers, recordRendered, refuseUnnamedKey, setupParts, stopsOf } from '../../src/setup/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { inputsOf, type Part } from '../../src/step/conversation.ts';
import { planSteps, type StepPlan } from '../../src/step/run.ts';
import { print } from '../terminal/output.ts';
import { readSchema } from './manifest.ts';
import { StepCommand } from './step-command.ts';

/** Base of the commands that set up everything in a pool's directory. */
export abstract class SetupCommand extends StepCommand {
  protected override readonly parts: readonly Part[] = setupParts;

  /** Whether what was given is saved in spacectl.yaml. */
  protected readonly savesAnswers: boolean = true;

  protected override async close({ values }: Answered): Promise<void> {
    const { drawPicture } = await import('../terminal/picture.ts');
    print(`\n${drawPicture(await stopsOf(String(values['dir'])))}`);
  }

  protected override async withOwnPlans(
    plans: readonly StepPlan[],
    answered: Answered,
    options: Parameters<typeof planSteps>[2],
  ): Promise<readonly StepPlan[]> {
    refuseUnnamedKey(plans, answered);
    const run = { inputs: inputsOf(this.parts), answered, plans, schema: readSchema() };
    // First, so that the answers are saved even if something else fails.
    const first = await planSteps([keepAnswers(run, this.savesAnswers)], answered.values, options);
    const rendered = recordRendered(plans, String(answered.values['dir']), true);
    if (!rendered.when?.({})) return [...first, ...plans];
    return [...first, ...plans, ...(await planSteps([rendered], answered.values, options))];
  }
}
