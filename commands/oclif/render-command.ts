import { recordRendered } from '../../src/setup/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { planSteps, type StepPlan } from '../../src/step/run.ts';
import { forceFlag, StepCommand } from './step-command.ts';

/** Base of the commands that render one target: they keep the directory's record of rendered files up to date. */
export abstract class RenderCommand extends StepCommand {
  static override baseFlags = { ...StepCommand.baseFlags, ...forceFlag };

  protected override async withOwnPlans(
    plans: readonly StepPlan[],
    { values }: Answered,
    options: Parameters<typeof planSteps>[2],
  ): Promise<readonly StepPlan[]> {
    const recorded = await planSteps([recordRendered(plans, String(values['dir']), false)], values, options);
    return [...plans, ...recorded.filter(({ plan }) => plan.changes.length > 0)];
  }
}
