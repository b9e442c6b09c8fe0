import { optionalCaBundle } from '../ca-bundle/index.ts';
import { UserError } from '../core/errors.ts';
import { keypair } from '../pki/index.ts';
import { createsPool, isConfiguration, type TargetName, target, targetParts } from '../render/index.ts';
import {
  accountProfile,
  adoptWorkerPool,
  createWorkerPool,
  login,
  poolSource,
  poolToUse,
  workerPool,
} from '../spacelift/index.ts';
import { conversation } from '../step/conversation.ts';
import type { Values } from '../step/input.ts';
import { rule } from '../step/rule.ts';
import { offline } from '../step/shared.ts';
import { isCheckout } from './checkout.ts';
import { setupDirectory } from './directory.ts';

/** The answers that show which configurations create the worker pool. */
type Creation = Parameters<typeof createsPool>[0] & { readonly target?: readonly TargetName[] };

/** Reports whether all targets create the pool themselves, so that the user need not. */
function bringsPool(values: Creation): boolean {
  const { target: targets = [] } = values;
  return targets.length > 0 && targets.every(isConfiguration) && createsPool(values);
}

/** Several configurations cannot each create a pool from the same request. */
const onePool = rule(['target', 'pool', 'pool-id', 'token'], (values: Creation) => {
  const makers = (values.target ?? []).filter(isConfiguration);
  if (makers.length < 2 || !createsPool(values)) return;
  throw new UserError('SPACECTL_BAD_INPUT', `${makers.join(' and ')} would each create their own worker pool`, {
    suggestions: [
      'Create one pool now for all of them: --pool create',
      'Use an existing pool: --pool-id ID',
      `Render only one of them: --target ${makers[0]}`,
    ],
  });
});

const workerPoolIfWanted: typeof workerPool = {
  ...workerPool,
  rules: [onePool],
  async plan(values: Values<typeof workerPool.inputs> & Creation, planner) {
    onePool.check(values);
    const plan = await workerPool.plan(values, planner);
    return bringsPool(values) ? { ...plan, next: [] } : plan;
  },
};

/** Everything that `spacectl init` does, in order. */
export const setupParts = conversation()
  .ask({ dir: setupDirectory, target }, { heading: 'Goal' })
  .step(keypair, { heading: 'Key pair' })
  .ask({ offline, pool: poolSource }, { heading: 'Worker pool' })
  // Before the pool, so that its account can be asked which pools there are.
  .ask({ profile: accountProfile, ...login }, { when: ({ pool }) => pool === 'create' || pool === 'existing' })
  .ask({ 'pool-id': poolToUse })
  .step(createWorkerPool, { when: ({ pool }) => pool === 'create' })
  .step(adoptWorkerPool, { when: ({ pool }) => pool === 'existing' })
  .step(workerPoolIfWanted, { when: ({ pool = 'token' }) => pool === 'token' })
  .step(optionalCaBundle, { heading: 'CA bundle' })
  .parts(targetParts).all;

/** Everything that `spacectl apply` does. In a checkout, it generates no key: the pool's is elsewhere. */
export const applyParts: typeof setupParts = setupParts.map((part) =>
  'step' in part && part.step.id === keypair.id
    ? { ...part, when: ({ dir }: { readonly dir?: string }) => dir === undefined || !isCheckout(dir) }
    : part,
);
