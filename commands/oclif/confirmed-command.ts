import type { Answered } from '../../src/step/ask.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { StepCommand } from './step-command.ts';

/** Base of commands that cannot be undone: the user passes the name of the object with `--confirm`, or types it. */
export abstract class ConfirmedCommand extends StepCommand {
  protected override async confirmPlans(plans: readonly StepPlan[], answered: Answered) {
    const { confirmByName } = await import('../terminal/confirm-name.ts');
    await confirmByName(plans, answered, await this.prompter());
    return plans;
  }
}
