import { confirm, onePool, patience, poolIdOrName } from '../../spacelift/index.ts';
import { directory } from '../../step/shared.ts';
import { step } from '../../step/step.ts';

/** Takes a pool down: drains its workers, shows how to tear down each target's hosts, and deletes pool and secrets last. */
export const retire = step({
  id: 'retire',
  title: 'the worker pool',
  inputs: {
    ...onePool,
    // Without it, or without credentials, the plan says what cannot be done.
    'pool-id': poolIdOrName,
    dir: { ...directory, positional: 'too' },
    confirm,
    patience,
  },
  async plan(values, planner) {
    return (await import('./plan.ts')).planRetirement(values, planner);
  },
});
