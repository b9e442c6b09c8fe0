import { retire } from '../src/setup/index.ts';
import type { Answered } from '../src/step/ask.ts';
import { type PlanAnswers, StepCommand } from './oclif/step-command.ts';

export default class Retire extends StepCommand {
  static override summary = 'Take a worker pool down, in the order that cuts no run short.';
  static override description =
    'Drains the workers and waits for their runs; shows the commands that tear down the hosts of each target; and, once no worker is connected, deletes the pool and then the key, the tokens and the rendered secrets in the directory. Without --confirm it changes nothing and shows the plan. It can be run again at any time, and exits with 10 while something is left to do.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-pool',
    '<%= config.bin %> <%= command.id %> my-pool --confirm build-eu',
  ];
  static override inputs = retire.inputs;

  protected override readonly parts = [{ step: retire }];

  protected override async decide(answered: Answered, plan: PlanAnswers) {
    const plans = await plan(answered);
    if (answered.values['confirm'] !== undefined) return plans;
    await this.report(plans, { dryRun: true, asJson: (await this.commandLine())['json'] === true });
    return undefined;
  }
}
