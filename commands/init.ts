import { optionalCaBundle } from '../src/ca-bundle/index.ts';
import { UserError } from '../src/core/errors.ts';
import { keypair } from '../src/pki/index.ts';
import { chosenTargets, isConfiguration, target, targetParts } from '../src/render/index.ts';
import { adoptWorkerPool, createWorkerPool, poolId, poolSource, workerPool } from '../src/spacelift/index.ts';
import type { Answered } from '../src/step/ask.ts';
import { inputsOf, type Part } from '../src/step/conversation.ts';
import { type Answers, type Inputs, isAsked, onlyWhen } from '../src/step/input.ts';
import type { StepPlan } from '../src/step/run.ts';
import { offline } from '../src/step/shared.ts';
import { flagsFor } from './oclif/flags.ts';
import { StepCommand } from './oclif/step-command.ts';
import { reportFailure } from './terminal/failure.ts';
import { stopSignal } from './terminal/signals.ts';

const isFrom = (source: string) => (answers: Answers) => answers['pool'] === source;

/** Asked for where an existing pool is to be used; given, it is also the one that a configuration for a cloud takes. */
const poolToUse = {
  ...onlyWhen((answers) => !isFrom('create')(answers), poolId),
  asked: (answers: Answers) => isFrom('existing')(answers) && isAsked(poolId, answers),
  formerly: 'worker-pool-id',
};

/** Reports whether a configuration creates the pool: only then is there a name for it. */
const createsPool = (answers: Answers) => answers['pool-name'] !== undefined;

/** Reports whether all targets create the pool themselves, so that the user need not. */
function bringsPool(answers: Answers): boolean {
  const targets = chosenTargets(answers);
  return targets.length > 0 && targets.every(isConfiguration) && createsPool(answers);
}

/** Rejects several configurations that would each create a pool from the same request. */
function rejectSeveralPools(answers: Answers): void {
  const makers = chosenTargets(answers).filter(isConfiguration);
  if (makers.length < 2 || !createsPool(answers)) return;
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
  async plan(values, planner) {
    rejectSeveralPools(values as Answers);
    const plan = await workerPool.plan(values, planner);
    return bringsPool(values as Answers) ? { ...plan, next: [] } : plan;
  },
};

/** Everything that `init` does, in order. */
const parts: readonly Part[] = [
  { heading: 'Folder', step: keypair },
  { heading: 'Worker pool', inputs: { offline, pool: poolSource, 'pool-id': poolToUse } },
  { step: createWorkerPool, when: isFrom('create') },
  { step: adoptWorkerPool, when: isFrom('existing') },
  { step: workerPoolIfWanted, when: (answers) => isFrom('token')(answers) || answers['pool'] === undefined },
  { heading: 'CA bundle', step: optionalCaBundle },
  { heading: 'Hosts', inputs: { target } },
  ...targetParts,
];

export default class Init extends StepCommand {
  static override summary = 'Set up a worker pool, from the key pair to hosts that run workers.';
  static override description =
    'Asks only for what it needs, shows a plan, applies it, and tells you what to do next. You can answer every question with a flag, a SPACECTL_* variable or an answers file instead. Run it again to finish what is left; it keeps what exists.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --token-file worker-pool.config --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> --no-input --dir my-pool --pool create --name build-eu --ca corporate-root.pem --target systemd',
    '<%= config.bin %> <%= command.id %> --no-input --offline --dir demo --ca corporate-root.pem',
    '<%= config.bin %> <%= command.id %> --answers answers.yaml --dry-run',
  ];
  static override flags = flagsFor(inputsOf(parts));

  protected override readonly parts = parts;

  protected override async answer(inputs: Inputs): Promise<Answered> {
    if (await this.prompter()) (await import('./terminal/wizard.ts')).greet();
    return super.answer(inputs);
  }

  protected override async confirmPlans(plans: readonly StepPlan[], answered: Answered) {
    const prompter = await this.prompter();
    if (isFrom('existing')(answered.values)) {
      const { confirmByName } = await import('./terminal/confirm-name.ts');
      const isReset = ({ step }: StepPlan) => step.id === adoptWorkerPool.id;
      await confirmByName(plans.filter(isReset), answered, prompter);
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
