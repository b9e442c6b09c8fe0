import { removeCommand } from '../../core/command-lines.ts';
import { counted, quoteIfNeeded } from '../../core/text.ts';
import {
  deleteRetiredPool,
  drainPool,
  findRetiredPool,
  type RetiredPool,
  waitUntilPoolIdle,
} from '../../spacelift/index.ts';
import type { NextStep } from '../../step/next.ts';
import type { Change, Plan, Planner } from '../../step/plan.ts';
import { type Hosts, hostsOf } from './hosts.ts';
import { removals, secretFilesIn } from './secrets.ts';

type Values = Parameters<typeof findRetiredPool>[0] & { readonly patience: number };

/**
 * Plans the part of a retirement that can be done now, and lists what is left. While a worker is connected, it drains; once
 * none is, it deletes the pool and then its secrets. The secrets stay unless the pool is known to be deleted.
 * @throws UserError as `findRetiredPool`
 */
export async function planRetirement(values: Values, planner: Planner): Promise<Plan> {
  const { dir, confirm } = values;
  const pool = await findRetiredPool(values, planner.signal);
  const workers = pool.kind === 'found' ? pool.pool.workers : [];
  const hosts = await hostsOf(dir, workers);
  const secrets = await secretFilesIn(dir);
  const now = whatCanBeDone(pool, hosts, { ...values, secrets }, planner);
  const name = nameOf(pool);
  const command = `spacectl retire ${quoteIfNeeded(dir)} --confirm ${quoteIfNeeded(name ?? 'NAME')}`;
  const isWaiting = now.changes.length > 0 && confirm === undefined;
  const start: NextStep = { text: 'Nothing was changed yet. To do the above', command };
  const again: NextStep = { text: 'Once no worker is connected, delete the pool and the secrets here', command };
  const rest = now.isLast ? [] : lastSteps(pool, hosts, secrets, again);
  return {
    changes: now.changes,
    notes: now.notes ?? [],
    warnings: now.warnings ?? [],
    ...(confirm !== undefined && { findings: now.unfinished ?? [] }),
    next: [
      ...(isWaiting ? [start] : []),
      ...(pool.kind === 'deleted' && secrets.length === 0 ? [] : hosts.teardown),
      ...rest,
    ],
    facts: {
      name,
      pool: pool.kind,
      ...(pool.kind !== 'unknown' && { id: pool.kind === 'found' ? pool.pool.id : pool.id }),
      workers: workers.length,
      busyWorkers: workers.filter(({ busy }) => busy).length,
      targets: hosts.targets,
      secrets,
    },
  };
}

/** What this run can do, and what stays unfinished. */
interface Doable {
  readonly changes: readonly Change[];
  readonly notes?: readonly string[];
  readonly warnings?: readonly string[];
  readonly unfinished?: readonly string[];
  /** Whether pool and secrets are gone afterwards. */
  readonly isLast?: true;
}

function whatCanBeDone(
  pool: RetiredPool,
  { creator }: Hosts,
  { dir, patience, secrets }: Values & { readonly secrets: readonly string[] },
  planner: Planner,
): Doable {
  if (pool.kind === 'deleted') {
    const notes = [`Worker pool "${pool.name}" (${pool.id}) was deleted`];
    return { changes: removals(secrets, planner), notes, isLast: true };
  }
  if (pool.kind !== 'found') {
    const reason = whyNot(pool, creator !== undefined);
    return {
      changes: [],
      warnings: [reason],
      unfinished: [`${reason}. The secrets stay until the pool is known to be deleted`],
    };
  }
  const { api } = pool;
  const { id, name, workers, busyWorkers, pendingRuns } = pool.pool;
  const waiting = pendingRuns > 0 ? [`Waiting for a worker of this pool: ${counted(pendingRuns, 'run')}`] : [];
  if (workers.length === 0 && creator !== undefined) {
    const reason = `Worker pool "${name}" (${id}) belongs to ${creator}, which deletes it when it is destroyed`;
    return { changes: [], warnings: waiting, notes: [reason], unfinished: [reason] };
  }
  if (workers.length === 0) {
    const remove = planner.action({
      title: `Delete the worker pool "${name}" (${id})`,
      status: 'change',
      run: (signal) => deleteRetiredPool(api, dir, pool.pool, signal),
    });
    return { changes: [remove, ...removals(secrets, planner)], warnings: waiting, isLast: true };
  }
  const open = workers.filter(({ drained }) => !drained).length;
  const drain = planner.action({
    title: `Drain the ${counted(workers.length, 'worker')} of "${name}" (${id}), so that they take no more runs`,
    status: open > 0 ? 'change' : 'unchanged',
    run: (signal) => drainPool(api, pool.pool, signal),
  });
  const wait = planner.action({
    title: 'Wait until their runs have finished',
    status: open > 0 || busyWorkers > 0 ? 'change' : 'unchanged',
    run: (signal, report) => waitUntilPoolIdle(api, id, { signal, report, timeout: patience * 60_000 }),
  });
  const advice =
    workers.length === 1 ? 'is connected: tear down its host first' : 'are connected: tear down their hosts first';
  const left = `${counted(workers.length, 'worker')} of "${name}" (${id}) ${advice}`;
  return { changes: [drain, wait], warnings: waiting, unfinished: [left] };
}

function whyNot(pool: Exclude<RetiredPool, { kind: 'found' | 'deleted' }>, isBrought: boolean): string {
  if (pool.kind === 'unknown' && isBrought)
    return 'The Terraform configuration created the pool, and deletes it. Pass --pool-id to drain its workers first';
  if (pool.kind === 'unknown') return 'This directory does not say which worker pool it is for. Pass --pool-id';
  const named = pool.name === undefined ? pool.id : `"${pool.name}" (${pool.id})`;
  if (pool.kind === 'unread')
    return `No Spacelift credentials: the workers of worker pool ${named} are not drained, and it is not deleted`;
  return `Worker pool ${named} is not found: it was deleted, or your credentials cannot see it`;
}

/** Returns the steps that are left once the hosts are torn down. */
function lastSteps(
  pool: RetiredPool,
  { creator }: Hosts,
  secrets: readonly string[],
  again: NextStep,
): readonly NextStep[] {
  if (pool.kind === 'found' && creator === undefined) return [again];
  const login: NextStep = {
    text: 'Log in, and run this command again to drain and delete the pool',
    command: 'spacectl profile login ALIAS',
  };
  const forget: NextStep = {
    text: 'Once the pool is deleted, remove its secrets here',
    command: removeCommand(secrets),
  };
  return [...(pool.kind === 'unread' ? [login] : []), ...(secrets.length > 0 ? [forget] : [])];
}

function nameOf(pool: RetiredPool): string | undefined {
  if (pool.kind === 'unknown') return undefined;
  return pool.kind === 'found' ? pool.pool.name : pool.name;
}
