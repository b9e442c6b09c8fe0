import type { Answered } from '../../src/step/ask.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { StepCommand } from './step-command.ts';

/** A command whose act cannot be undone: the name of what it is done to has to be given with `--confirm`, or typed. */
export abstract class ConfirmedCommand extends StepCommand {
  protected override async agree(plans: readonly StepPlan[], answered: Answered) {
    const { confirmByName } = await import('../terminal/confirm-name.ts');
    await confirmByName(plans, answered, await this.prompter());
    return plans;
  }
}
