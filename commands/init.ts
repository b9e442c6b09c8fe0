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

/** `init` creates many files, so it needs a directory by name. */
const { default: _, ...anyDirectory } = directory;
const dir = { ...anyDirectory, positional: 'too', suggested: ['worker-pool'] } as const;

/** The answers that show whether a configuration creates the worker pool: only then is there a name for it. */
interface Creation {
  readonly target?: readonly TargetName[];
  readonly 'pool-name'?: string | undefined;
}

/** Reports whether all targets create the pool themselves, so that the user need not. */
function bringsPool({ target: targets = [], 'pool-name': name }: Creation): boolean {
  return targets.length > 0 && targets.every(isConfiguration) && name !== undefined;
}

/** Rejects several configurations that would each create a pool from the same request. */
function rejectSeveralPools({ target: targets = [], 'pool-name': name }: Creation): void {
  const makers = targets.filter(isConfiguration);
  if (makers.length < 2 || name === undefined) return;
  throw new UserError('SPACECTL_BAD_INPUT', `${makers.join(' and ')} would each create their own worker pool`, {
    suggestions: [
      'Create one pool now for all of them: --pool create',
      'Use an existing pool: --pool-id ID',
      `Render only one of them: --target ${makers[0]}`,
    ],
  });
}

const workerPoolIfWanted: typeof workerPool = {
  ...workerPool,
  async plan(values: Values<typeof workerPool.inputs> & Creation, planner) {
    rejectSeveralPools(values);
    const plan = await workerPool.plan(values, planner);
    return bringsPool(values) ? { ...plan, next: [] } : plan;
  },
};

/** Everything that `init` does, in order. */
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
  static override summary = 'Set up a worker pool, from the key pair to hosts that run workers.';
  static override description =
    'Asks only for what it needs, shows a plan, applies it, and tells you what to do next. You can answer every question with a flag, a SPACECTL_* variable or an answers file instead. Run it again to finish what is left; it keeps what exists.';
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
  protected override readonly asksAgain = true;

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
    return (await import('./terminal/wizard.ts')).agreeToPlan(plans, inputsOf(parts), answered);
  }

  protected override async onPlanningFailed(error: unknown, answered: Answered): Promise<never> {
    if (!(error instanceof UserError) || stopSignal.aborted || !(await this.prompter())) throw error;
    const exitCode = reportFailure(error, false);
    await (await import('./terminal/wizard.ts')).rescueAnswers(inputsOf(parts), answered);
    return this.exit(exitCode);
  }
}
