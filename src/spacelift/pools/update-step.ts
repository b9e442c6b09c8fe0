import { optional, optionalText } from '../../step/input.ts';
import { step } from '../../step/step.ts';
import { description, label, name, onePool, parseDriftLimit, space } from '../inputs.ts';

/**
 * Settings of a pool that is there; what is not given stays as it is. Its variables and keys are others than those a
 * pool is created by, which may be set for that: they would rename it.
 */
export const updateWorkerPool = step({
  id: 'updateWorkerPool',
  title: 'the worker pool',
  inputs: {
    ...onePool,
    name: { ...optional(name), key: 'new-name', summary: 'New name of the worker pool' },
    space: { ...space, asked: false, key: 'new-space', summary: 'ID of the space it moves to' },
    description: {
      ...description,
      asked: false,
      key: 'new-description',
      summary: 'New description; an empty one takes it away',
    },
    label: {
      ...label,
      asked: false,
      key: 'new-label',
      summary: 'New label; those it has are replaced, and an empty one takes them away',
    },
    'drift-limit': optionalText({
      summary: 'How many drift detection runs may go on at once; none takes the limit away',
      key: 'new-drift-limit',
      placeholder: 'N',
      parse: (limit) => (limit === 'none' ? null : parseDriftLimit(limit)),
    }),
  },
  async plan(
    { name: called, space: inSpace, description: words, label: labels, 'drift-limit': limit, ...values },
    planner,
  ) {
    const { openPool } = await import('./open-pool.ts');
    const { updatePool } = await import('../api/worker-pools.ts');
    const { api, pool } = await openPool(values, planner.signal);
    const { description: before = null, labels: labelled, space: spaced = null, driftDetectionRunLimit = null } = pool;
    const present = {
      name: pool.name,
      description: before,
      labels: labelled ?? [],
      space: spaced,
      driftDetectionRunLimit,
    };
    const wanted = {
      name: called ?? present.name,
      description: words === undefined ? before : words || null,
      labels: labels.length > 0 ? labels.filter(Boolean) : present.labels,
      space: inSpace ?? spaced,
      driftDetectionRunLimit: limit === undefined ? driftDetectionRunLimit : limit,
    };
    const isUnchanged = JSON.stringify(wanted) === JSON.stringify(present);
    const update = planner.action({
      title: `Change the settings of the worker pool "${pool.name}" (${pool.id})`,
      status: isUnchanged ? 'unchanged' : 'change',
      async run(signal) {
        await updatePool(api, pool.id, wanted, signal);
        api.close();
      },
    });
    return { changes: [update], facts: { id: pool.id, before: present, after: wanted } };
  },
});
