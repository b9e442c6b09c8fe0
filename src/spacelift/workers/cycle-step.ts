import { counted } from '../../core/text.ts';
import { onlyWhen, optionalText, yesNo } from '../../step/input.ts';
import { anyText } from '../../step/parsers.ts';
import { step } from '../../step/step.ts';
import { confirmation, onePool, patience } from '../pools/inputs.ts';
import { readMetadata } from './metadata.ts';

const isRolling = ({ rolling }: { rolling: boolean }) => rolling;

/** Replaces the workers of a pool: all at once, or one at a time without cutting a run short. */
export const cycleWorkerPool = step({
  id: 'cycleWorkerPool',
  title: 'the workers',
  inputs: {
    ...onePool,
    confirm: confirmation,
    rolling: yesNo({
      summary: 'Replace workers one at a time: drain the worker, wait for its run to finish, replace it',
    }),
    'replace-with': optionalText({
      summary: "With --rolling: program that replaces a drained worker's host; its argument is the worker's ID",
      description:
        "It also gets the worker's metadata as SPACELIFT_METADATA_* variables, such as SPACELIFT_METADATA_instance_id. Without a program, spacectl tells you when to terminate each host.",
      placeholder: 'PROGRAM',
      parse: anyText,
    }),
    patience: onlyWhen(isRolling, patience),
  },
  async plan({ rolling, 'replace-with': program, patience: minutes = 0, ...values }, planner) {
    const { openPool } = await import('../pools/open-pool.ts');
    const { replaceWorker } = await import('./drain.ts');
    const { cyclePool } = await import('../api/pool-changes.ts');
    const { api, pool } = await openPool(values, planner.signal);
    const { id, name, workers, busyWorkers } = pool;
    const facts = { id, name, workers: workers.length, busyWorkers };
    if (!rolling) {
      const cycle = planner.action({
        title: `Tell ${counted(workers.length, 'worker')} of "${name}" (${id}) to exit`,
        status: workers.length === 0 ? 'unchanged' : 'change',
        async run(signal) {
          await cyclePool(api, id, signal);
          api.close();
        },
      });
      const cut = `The runs of ${counted(busyWorkers, 'busy worker')} will be cut short. --rolling waits for them to finish`;
      return { changes: [cycle], warnings: busyWorkers > 0 ? [cut] : [], facts };
    }
    const oldestFirst = [...workers].sort((one, other) => one.createdAt - other.createdAt);
    const changes = oldestFirst.map((worker) => {
      const tags = Object.entries(readMetadata(worker)).map(([key, value]) => `${key}=${value}`);
      return planner.action({
        title: `Replace the worker ${worker.id}${tags.length > 0 ? ` (${tags.join(', ').slice(0, 200)})` : ''}`,
        status: 'change',
        run: (signal, report) =>
          replaceWorker(api, { pool, worker, program }, { signal, report, timeout: minutes * 60_000 }),
      });
    });
    return { changes, facts };
  },
});
