import { optionalCaBundle } from '../src/ca-bundle/index.ts';
import { UserError } from '../src/core/errors.ts';
import { keypair } from '../src/pki/index.ts';
import { isConfiguration, type TargetName, target, targetParts } from '../src/render/index.ts';
import { adoptWorkerPool, createWorkerPool, poolSource, poolToUse, workerPool } from '../src/spacelift/index.ts';
import type { Answered } from '../src/step/ask.ts';
import { conversation, inputsOf } from '../src/step/conversation.ts';
import type { Inputs, Values } from '../src/step/input.ts';
import type { StepPlan } from '../src/step/run.ts';
import { directory, offline } from '../src/step/shared.ts';
import { StepCommand } from './oclif/step-command.ts';
import { reportFailure } from './terminal/failure.ts';
import { stopSignal } from './terminal/signals.ts';

/** The directory of a pool has to be named: its files are not to be spread over wherever one happens to be. */
const { default: _, ...anyDirectory } = directory;
const dir = { ...anyDirectory, positional: 'too', suggested: ['worker-pool'] } as const;

/** What tells which configurations create a worker pool: only then it has a name to give it. */
interface Creation {
  readonly target?: readonly TargetName[];
  readonly 'pool-name'?: string | undefined;
}

/** Whether everything that is rendered for the hosts comes with a pool of its own: then there is none to create by hand. */
function bringsPool({ target: targets = [], 'pool-name': name }: Creation): boolean {
  return targets.length > 0 && targets.every(isConfiguration) && name !== undefined;
}

/** Each configuration would create a pool from the same request: two pools of one key, and only one is wanted. */
function refuseTwoPools({ target: targets = [], 'pool-name': name }: Creation): void {
  const makers = targets.filter(isConfiguration);
  if (makers.length < 2 || name === undefined) return;
  throw new UserError('SPACECTL_BAD_INPUT', `Each of ${makers.join(' and ')} would create a worker pool of its own`, {
    suggestions: [
      '--pool create makes one now, and all of them use it',
      '--pool-id ID takes an existing one',
      `--target ${makers[0]} alone`,
    ],
  });
}

const workerPoolIfWanted: typeof workerPool = {
  ...workerPool,
  async plan(values: Values<typeof workerPool.inputs> & Creation, planner) {
    refuseTwoPools(values);
    const plan = await workerPool.plan(values, planner);
    return bringsPool(values) ? { ...plan, next: [] } : plan;
  },
};

/** The whole path, in the order it is asked and done. */
const parts = conversation()
  .ask({ dir }, { heading: 'Directory' })
  .step(keypair)
  .ask({ offline, pool: poolSource, 'pool-id': poolToUse }, { heading: 'Worker pool' })
  .step(createWorkerPool, { when: ({ pool }) => pool === 'create' })
  .step(adoptWorkerPool, { when: ({ pool }) => pool === 'existing' })
  .step(workerPoolIfWanted, { when: ({ pool = 'token' }) => pool === 'token' })
  .step(optionalCaBundle, { heading: 'CA bundle' })
  .ask({ target }, { heading: 'Hosts' })
  .parts(targetParts).all;

export default class Init extends StepCommand {
  static override summary = 'Set up a worker pool, from nothing to a host ready to run workers.';
  static override description =
    'Asks only for what it needs, shows what it will do, does it, and says what comes next. Everything asked can be given by flag, SPACECTL_* variable or answers file instead. Run again, it keeps what is there and finishes what is left.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --token-file worker-pool.config --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --pool create --name build-eu --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> demo --no-input --offline --ca corporate-root.pem',
    '<%= config.bin %> <%= command.id %> --answers answers.yaml --dry-run',
  ];
  static override inputs = inputsOf(parts);

  protected override readonly parts = parts;
  protected override readonly offersDefaults = true;

  protected override async answer(inputs: Inputs): Promise<Answered> {
    if (await this.prompter()) (await import('./terminal/wizard.ts')).greet();
    return super.answer(inputs);
  }

  protected override async agree(plans: readonly StepPlan[], answered: Answered) {
    const prompter = await this.prompter();
    const resets = plans.filter(({ step }) => step.id === adoptWorkerPool.id);
    if (resets.length > 0) {
      const { confirmByName } = await import('./terminal/confirm-name.ts');
      await confirmByName(resets, answered, prompter);
    }
    if (!prompter) return plans;
    return (await import('./terminal/wizard.ts')).agreeToPlan(plans, inputsOf(parts), answered);
  }

  protected override async giveUp(error: unknown, answered: Answered): Promise<never> {
    if (!(error instanceof UserError) || stopSignal.aborted || !(await this.prompter())) throw error;
    const exitCode = reportFailure(error, false);
    await (await import('./terminal/wizard.ts')).rescueAnswers(inputsOf(parts), answered);
    return this.exit(exitCode);
  }
}
