import { UserError } from '../src/core/errors.ts';
import { setupParts } from '../src/setup/index.ts';
import { adoptWorkerPool } from '../src/spacelift/index.ts';
import type { Answered, Listening } from '../src/step/ask.ts';
import { inputsOf } from '../src/step/conversation.ts';
import type { Inputs } from '../src/step/input.ts';
import type { StepPlan } from '../src/step/run.ts';
import { SetupCommand } from './oclif/setup-command.ts';
import { reportFailure } from './terminal/failure.ts';
import { stopSignal } from './terminal/signals.ts';

export default class Init extends SetupCommand {
  static override summary = 'Set up a worker pool, from the key pair to hosts that run workers.';
  static override description =
    'Asks only for what it needs, shows a plan, applies it, and tells you what to do next. Your answers are saved in spacectl.yaml as you give them, never secrets; every other command reads them there. You can also answer with flags or SPACECTL_* variables. Run it again to finish what is left; it keeps what exists.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --token-file worker-pool.config --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --pool create --name build-eu --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> demo --no-input --offline --ca corporate-root.pem',
    '<%= config.bin %> <%= command.id %> my-pool --dry-run',
  ];
  static override inputs = inputsOf(setupParts);

  protected override readonly offersDefaults = true;
  protected override readonly asksAgain = true;

  protected override readonly onTyped: NonNullable<Listening['onTyped']> = async (name, input, texts, { dir }) => {
    if (typeof dir !== 'string') return;
    const { saveAnswers } = await import('../src/pool-folder/pool-file/index.ts');
    await saveAnswers(dir, [{ name, input, texts }]);
  };

  protected override async answer(inputs: Inputs): Promise<Answered> {
    if (await this.prompter()) (await import('./terminal/wizard.ts')).greet();
    return super.answer(inputs);
  }

  protected override async confirmPlans(plans: readonly StepPlan[], answered: Answered) {
    const prompter = await this.prompter();
    // Reading a token changes nothing in Spacelift; a reset is an action.
    const resets = plans.filter(
      ({ step, plan }) => step.id === adoptWorkerPool.id && plan.changes.some(({ kind }) => kind === 'action'),
    );
    if (resets.length > 0) {
      const { confirmByName } = await import('./terminal/confirm-name.ts');
      await confirmByName(resets, answered, prompter);
    }
    if (!prompter) return plans;
    return (await import('./terminal/wizard.ts')).agreeToPlan(plans);
  }

  protected override async onPlanningFailed(error: unknown, answered: Answered): Promise<never> {
    if (!(error instanceof UserError) || stopSignal.aborted || !(await this.prompter())) throw error;
    const exitCode = reportFailure(error, false);
    (await import('./terminal/wizard.ts')).sayWhatIsSaved(answered);
    return this.exit(exitCode);
  }
}
