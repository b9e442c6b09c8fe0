import type { Answered } from '../../src/step/ask.ts';
import { type PlanAnswers, StepCommand } from './step-command.ts';

/** Base of commands that cannot be undone: the user passes the name of the object with `--confirm`, or types it. */
export abstract class ConfirmedCommand extends StepCommand {
  protected override async decide(answered: Answered, plan: PlanAnswers) {
    const plans = await plan(answered);
    const { confirmByName } = await import('../terminal/confirm-name.ts');
    await confirmByName(plans, answered, await this.prompter());
    return plans;
  }
}
