import { optionalText } from '../step/input.ts';
import { step } from '../step/step.ts';
import { description, driftLimit, label, onePool, parseName, space } from './inputs.ts';

/** Settings of a pool that is there; what is not given stays as it is. */
export const updateWorkerPool = step({
  id: 'updateWorkerPool',
  title: 'the worker pool',
  inputs: {
    ...onePool,
    name: optionalText({ summary: 'New name of the worker pool', placeholder: 'NAME', parse: parseName }),
    space: { ...space, asked: false, summary: 'ID of the space it moves to' },
    description: { ...description, asked: false, summary: 'New description; an empty one takes it away' },
    label: { ...label, asked: false, summary: 'New label; those it has are replaced' },
    'drift-limit': { ...driftLimit, asked: false },
  },
  async plan({ name, space: inSpace, description: words, label: labels, 'drift-limit': limit, ...values }, planner) {
    const { openPool } = await import('./open-pool.ts');
    const { updatePool } = await import('./worker-pools.ts');
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
      name: name ?? present.name,
      description: words === undefined ? before : words || null,
      labels: labels.length > 0 ? labels : present.labels,
      space: inSpace ?? spaced,
      driftDetectionRunLimit: limit ?? driftDetectionRunLimit,
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
