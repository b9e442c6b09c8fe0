import { counted } from '../../core/text.ts';
import { step } from '../../step/step.ts';
import { confirmation, onePool } from './inputs.ts';

/** Deletes a worker pool. Keeps the folder's files, which document it. */
export const deleteWorkerPool = step({
  id: 'deleteWorkerPool',
  title: 'the worker pool',
  inputs: { ...onePool, confirm: confirmation },
  async plan(values, planner) {
    const { openPool } = await import('./open-pool.ts');
    const { deletePool } = await import('../api/pool-changes.ts');
    const { api, pool } = await openPool(values, planner.signal);
    const { id, name, workers, busyWorkers, pendingRuns } = pool;
    const remove = planner.action({
      title: `Delete the worker pool "${name}" (${id})`,
      status: 'change',
      async run(signal) {
        await deletePool(api, id, signal);
        api.close();
      },
    });
    const inUse = `The pool has ${counted(workers.length, 'worker')}, ${busyWorkers} busy, and ${counted(pendingRuns, 'run')} waiting`;
    return {
      changes: [remove],
      warnings: workers.length + pendingRuns > 0 ? [inUse] : [],
      facts: { id, name, workers: workers.length, busyWorkers, pendingRuns },
    };
  },
});
