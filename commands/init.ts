import { canDeployAfter } from '../src/deploy/index.ts';
import { setupParts } from '../src/setup/index.ts';
import { adoptWorkerPool } from '../src/spacelift/index.ts';
import type { Answered, Listening } from '../src/step/ask.ts';
import { inputsOf } from '../src/step/conversation.ts';
import { plainName } from '../src/step/given.ts';
import type { Inputs } from '../src/step/input.ts';
import { warningsAbout } from '../src/step/listed-answers.ts';
import type { StepPlan } from '../src/step/run.ts';
import { deployDirectory } from './oclif/deploy-directory.ts';
import { SetupCommand } from './oclif/setup-command.ts';
import type { PlanAnswers } from './oclif/step-command.ts';

/** What the wizard asks one by one, as far as it needs no answer. Everything else is a line of its review. */
const ASKED_FIRST: ReadonlySet<string> = new Set([
  'dir',
  'target',
  'pool',
  'profile',
  'pool-id',
  'token',
  'ca',
  'worker-comms-url',
]);

export default class Init extends SetupCommand {
  static override summary = 'Set up a worker pool, from the key pair to hosts that run workers.';
  static override description =
    'Asks only for what it needs, shows a plan, applies it, and tells you what to do next. Saves your answers, but no secrets, in spacectl.yaml, where every other command reads them. Flags and SPACECTL_* variables answer too. Run it again to finish what is left; it keeps what exists.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --token-file worker-pool.config --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --pool create --name build-eu --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> demo --no-input --offline --ca corporate-root.pem',
    '<%= config.bin %> <%= command.id %> my-pool --dry-run',
  ];
  static override inputs = inputsOf(setupParts);
  static override common = ['target', 'pool', 'name', 'ca', 'offline'];

  protected override readonly offersDefaults = true;
  protected override readonly asksAgain = true;
  protected override readonly asksFor = (name: string) => ASKED_FIRST.has(plainName(name));

  protected override readonly onTyped: NonNullable<Listening['onTyped']> = async (name, input, texts, { dir }) => {
    if (typeof dir !== 'string') return;
    const { saveAnswers } = await import('../src/pool-folder/pool-file/index.ts');
    await saveAnswers(dir, [{ name, input, texts }]);
  };

  protected override readonly onSecret: NonNullable<Listening['onSecret']> = async (name, input, text, { dir }) => {
    if (typeof dir !== 'string') return undefined;
    const { keepSecret } = await import('../src/pool-folder/pool-file/index.ts');
    const file = await keepSecret(dir, { name, input, text });
    if (file) (await import('./terminal/wizard.ts')).noteKeptSecret(file);
    return file;
  };

  protected override async answer(inputs: Inputs, edit?: string): Promise<Answered> {
    if (edit === undefined && (await this.prompter()))
      (await import('./terminal/wizard.ts')).greet(await this.isPlain());
    return super.answer(inputs, edit);
  }

  /** The directory to deploy once it is set up. */
  #deploys: string | undefined;

  /** Where wanted, goes on as `spacectl deploy` does, which shows its own plan and asks. */
  override async run(): Promise<void> {
    await super.run();
    if (this.#deploys !== undefined) await deployDirectory(this.#deploys, await this.commandLine());
  }

  protected override async close(answered: Answered): Promise<void> {
    if (this.#deploys === undefined) await super.close(answered);
  }

  protected override async decide(answered: Answered, plan: PlanAnswers) {
    if (!(await this.prompter())) return this.confirmResets(await plan(answered), answered);
    const { reviewUntilAgreed } = await import('./terminal/review/conduct.ts');
    const inputs = inputsOf(setupParts);
    const isPlain = await this.isPlain();
    const edit = (name: string) => this.answer(inputs, name);
    const answerWarnings = (given: Answered) => warningsAbout(inputs, given);
    const { sayWhatIsSaved, waysAround } = await import('./terminal/wizard.ts');
    const command = {
      inputs,
      targetName: 'target',
      isPlain,
      edit,
      plan,
      answerWarnings,
      waysAround,
      canDeploy: canDeployAfter,
    };
    const agreed = await reviewUntilAgreed(answered, command);
    this.#deploys = agreed?.deploys ? String(agreed.answered.values['dir']) : undefined;
    if (agreed) return this.confirmResets(agreed.plans, agreed.answered);
    sayWhatIsSaved(answered);
    return undefined;
  }

  /** Asks for the pool's name before its key and token are replaced. Reading a token changes nothing in Spacelift. */
  private async confirmResets(plans: readonly StepPlan[], answered: Answered): Promise<readonly StepPlan[]> {
    const resets = plans.filter(
      ({ step, plan }) => step.id === adoptWorkerPool.id && plan.changes.some(({ kind }) => kind === 'action'),
    );
    if (resets.length === 0) return plans;
    const { confirmByName } = await import('./terminal/confirm-name.ts');
    await confirmByName(resets, answered, await this.prompter());
    return plans;
  }
}
