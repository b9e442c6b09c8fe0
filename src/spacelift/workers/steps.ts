import { UserError } from '../../core/errors.ts';
import { onlyWhen, optional, text, yesNo } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { step } from '../../step/step.ts';
import { parsePoolId } from '../pool-id.ts';
import { onePool, patience } from '../pools/inputs.ts';
import type { PoolChoice } from '../pools/open-pool.ts';

const id = text({
  summary: 'ID of the worker',
  question: 'Which worker? (its ID)',
  placeholder: 'ID',
  // Workers and pools have the same kind of ID.
  parse: parsePoolId,
});

/** Drains a worker, so that it takes no more runs. */
export const drainWorker = step({
  id: 'drainWorker',
  title: 'the worker',
  inputs: {
    ...onePool,
    id,
    'wait-until-drained': yesNo({ summary: 'Wait until the worker has finished its run' }),
    patience: onlyWhen(
      ({ 'wait-until-drained': isWaiting }: { 'wait-until-drained': boolean }) => isWaiting,
      optional(patience),
    ),
  },
  async plan({ id: worker, 'wait-until-drained': isWaiting, patience: minutes, ...choice }, planner) {
    const { waitUntilIdle } = await import('./drain.ts');
    const { api, pool, isIdle, change } = await planDrain(choice, worker, true, planner);
    const timeout = minutes === undefined ? {} : { timeout: minutes * 60_000 };
    const wait = planner.action({
      title: `Wait until the worker ${worker} has finished its run`,
      status: isIdle ? 'unchanged' : 'change',
      run: (signal, report) => waitUntilIdle(api, pool.id, worker, { signal, report, ...timeout }),
    });
    return { changes: isWaiting ? [change, wait] : [change], facts: { worker, pool: pool.id } };
  },
});

/** Undrains a worker, so that it takes runs again. */
export const undrainWorker = step({
  id: 'undrainWorker',
  title: 'the worker',
  inputs: { ...onePool, id },
  async plan({ id: worker, ...choice }, planner) {
    const { pool, change } = await planDrain(choice, worker, false, planner);
    return { changes: [change], facts: { worker, pool: pool.id } };
  },
});

async function planDrain(choice: PoolChoice, workerId: string, drain: boolean, planner: Planner) {
  const { openPool } = await import('../pools/open-pool.ts');
  const { setDrained } = await import('../api/pool-changes.ts');
  const { api, pool } = await openPool(choice, planner.signal);
  const worker = pool.workers.find((each) => each.id === workerId);
  if (!worker) {
    const message = `The worker pool "${pool.name}" (${pool.id}) has no worker ${workerId}`;
    throw new UserError('SPACECTL_BAD_INPUT', message, {
      suggestions: [{ command: `spacectl workerpool worker list --pool-id ${pool.id}` }],
    });
  }
  const change = planner.action({
    title: `${drain ? 'Drain' : 'Undrain'} the worker ${workerId} of "${pool.name}"`,
    status: worker.drained === drain ? 'unchanged' : 'change',
    run: (signal) => setDrained(api, { pool: pool.id, worker: workerId, drain }, signal),
  });
  // A worker that is not drained yet may get a run before it is.
  return { api, pool, isIdle: worker.drained && !worker.busy, change };
}
