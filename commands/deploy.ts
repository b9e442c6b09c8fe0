import * as Flags from '@oclif/core/flags';
import { createDeployment, deployInputs } from '../src/deploy/index.ts';
import { statusParts } from '../src/setup/index.ts';
import type { Answered, Prompter } from '../src/step/ask.ts';
import { inputsOf } from '../src/step/conversation.ts';
import type { Inputs } from '../src/step/input.ts';
import type { StepPlan } from '../src/step/run.ts';
import { type PlanAnswers, StepCommand } from './oclif/step-command.ts';
import { isCi } from './terminal/ci.ts';

export default class Deploy extends StepCommand {
  static override summary = "Put what a pool's directory holds where it belongs, and wait for its workers.";
  static override description =
    'This machine (as root), hosts over SSH (--ssh), hosts with the Ansible playbook, clouds with Terraform or OpenTofu. Everything is checked and planned before anything is changed; Terraform applies exactly the plan that was shown. Run it again to go on after a failure: what is right is not touched. Exits with 10 if the workers do not appear in the pool in time.';
  static override examples = [
    'sudo <%= config.bin %> <%= command.id %> my-pool',
    '<%= config.bin %> <%= command.id %> my-pool --ssh root@worker-1 --ssh root@worker-2',
    '<%= config.bin %> <%= command.id %> my-pool --only terraform-aws --yes',
  ];
  static override common = ['only', 'ssh', 'wait'];
  static override inputs: Inputs = deployInputs;
  static override baseFlags = {
    ...StepCommand.baseFlags,
    yes: Flags.boolean({ summary: 'Apply without asking', char: 'y' }),
  };

  readonly #deployment = createDeployment(isCi());
  protected override readonly parts = this.#deployment.parts;

  override async run(): Promise<void> {
    try {
      await super.run();
    } finally {
      await this.#deployment.clear();
    }
  }

  /** What the targets were rendered with is in spacectl.yaml, and is not asked for here. */
  protected override answer(inputs: Inputs): Promise<Answered> {
    return super.answer({ ...inputsOf(statusParts), ...inputs });
  }

  #isPlanned = false;

  protected override async prompter(): Promise<Prompter | undefined> {
    return this.#isPlanned ? super.prompter() : undefined;
  }

  protected override async decide(answered: Answered, plan: PlanAnswers) {
    const plans = await plan(answered);
    this.#isPlanned = true;
    const first = this.#deployment.secretsFirst(plans);
    if (first.length === 0) return this.#agree(plans, answered);
    if (!(await this.#agree(first, answered))) return undefined;
    await this.applyNow(first);
    this.#deployment.noteStored(first);
    return this.#agree(await plan(answered), answered);
  }

  async #agree(plans: readonly StepPlan[], { values }: Answered): Promise<readonly StepPlan[] | undefined> {
    const { agreeToDeploy } = await import('./terminal/agree-to-deploy.ts');
    const { yes } = await this.commandLine();
    return (await agreeToDeploy(plans, {
      dir: String(values['dir']),
      isAgreed: yes === true,
      prompter: await this.prompter(),
    }))
      ? plans
      : undefined;
  }
}
