import { optional, optionalText } from '../../step/input.ts';
import { step } from '../../step/step.ts';
import { description, label, name, onePool, parseDriftLimit, space } from './inputs.ts';
import { managedElsewhere } from './managed-pool.ts';

/**
 * Changes settings of an existing pool; omitted ones stay unchanged. Reads other variables and keys than creating a pool
 * does: those may still be set, and would rename the pool.
 */
export const updateWorkerPool = step({
  id: 'updateWorkerPool',
  title: 'the worker pool',
  canForce: true,
  inputs: {
    ...onePool,
    name: { ...optional(name), section: null, variable: 'new-name', summary: 'New name of the worker pool' },
    space: {
      ...space,
      asked: false,
      section: null,
      variable: 'new-space',
      summary: 'ID of the space to move the pool to',
    },
    description: {
      ...description,
      asked: false,
      section: null,
      variable: 'new-description',
      summary: 'New description; an empty one removes it',
    },
    label: {
      ...label,
      asked: false,
      section: null,
      variable: 'new-label',
      summary: 'New label; replaces all present labels, and an empty one removes them',
    },
    'drift-limit': optionalText({
      summary: 'Maximum number of concurrent drift detection runs; none removes the limit',
      section: null,
      variable: 'new-drift-limit',
      placeholder: 'N',
      parse: (limit) => (limit === 'none' ? null : parseDriftLimit(limit)),
    }),
  },
  async plan(
    { name: called, space: inSpace, description: words, label: labels, 'drift-limit': limit, ...values },
    planner,
  ) {
    const { openPool } = await import('./open-pool.ts');
    const { changeSettings, differencesOf, settingsOf } = await import('./update.ts');
    const { api, pool } = await openPool(values, planner.signal);
    const present = settingsOf(pool);
    const wanted = {
      name: called ?? present.name,
      description: words === undefined ? present.description : words || null,
      labels: labels.length > 0 ? labels.filter(Boolean) : present.labels,
      space: inSpace ?? present.space,
      driftDetectionRunLimit: limit === undefined ? present.driftDetectionRunLimit : limit,
    };
    const isUnchanged = differencesOf(present, wanted).length === 0;
    const update = planner.action({
      title: `Change the settings of the worker pool "${pool.name}" (${pool.id})`,
      status: isUnchanged ? 'unchanged' : 'change',
      refusal: managedElsewhere(pool, 'change'),
      async run(signal) {
        await changeSettings(api, pool.id, { present, wanted }, signal);
        api.close();
      },
    });
    return { changes: [update], facts: { id: pool.id, before: present, after: wanted } };
  },
});
