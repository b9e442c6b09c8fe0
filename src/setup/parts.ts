import { optionalCaBundle } from '../ca-bundle/index.ts';
import { UserError } from '../core/errors.ts';
import { keypair } from '../pki/index.ts';
import { isConfiguration, type TargetName, target, targetParts } from '../render/index.ts';
import { adoptWorkerPool, createWorkerPool, poolSource, poolToUse, workerPool } from '../spacelift/index.ts';
import { conversation } from '../step/conversation.ts';
import type { Values } from '../step/input.ts';
import { offline } from '../step/shared.ts';
import { setupDirectory } from './directory.ts';

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

/** Everything that `spacectl init` and `spacectl apply` do, in order. */
export const setupParts = conversation()
  .ask({ dir: setupDirectory, target }, { heading: 'Goal' })
  .step(keypair, { heading: 'Key pair' })
  .ask({ offline, pool: poolSource, 'pool-id': poolToUse }, { heading: 'Worker pool' })
  .step(createWorkerPool, { when: ({ pool }) => pool === 'create' })
  .step(adoptWorkerPool, { when: ({ pool }) => pool === 'existing' })
  .step(workerPoolIfWanted, { when: ({ pool = 'token' }) => pool === 'token' })
  .step(optionalCaBundle, { heading: 'CA bundle' })
  .parts(targetParts).all;
