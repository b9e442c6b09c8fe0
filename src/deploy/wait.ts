import { counted } from '../core/text.ts';
import { type Arrived, readMetadata, watchArrival } from '../spacelift/index.ts';
import type { Outcome, Plan, Planner } from '../step/plan.ts';
import { findMissing } from './missing-workers.ts';
import type { DeploymentState } from './state.ts';

/** How long to wait, for how many workers, and with whose credentials. */
export interface WaitLimits {
  readonly minutes: number;
  /** Overrides the number that the deployment expects. */
  readonly expect: number | undefined;
  readonly profile: string | undefined;
}

/** Plans to wait until the workers appear in the pool. */
export function planWait(state: DeploymentState, limits: WaitLimits, planner: Planner): Plan {
  const expected = limits.expect ?? state.expected;
  if (expected === 0) return { changes: [] };
  const wait = planner.action({
    title: `Wait for ${counted(expected, 'worker')} in the pool`,
    run: (signal, report) => waitForWorkers(state, { ...limits, expected }, { signal, report }),
  });
  return { changes: [wait] };
}

async function waitForWorkers(
  state: DeploymentState,
  { minutes, expected, profile }: WaitLimits & { readonly expected: number },
  { signal, report }: { readonly signal: AbortSignal; readonly report: (progress: string) => void },
): Promise<Outcome> {
  if (state.pool === undefined)
    return { warnings: ['Not checked at Spacelift: the directory does not say which pool it is'] };
  state.arrival ??= await watchArrival({ pool: state.pool, profile }, signal);
  if (!state.arrival) {
    return { warnings: ['Not checked at Spacelift: no credentials. To see the workers: spacectl profile login ALIAS'] };
  }
  const { name } = state.arrival;
  const hosts = state.groups.flatMap((group) => group.hosts);
  const wanted = {
    total: expected,
    started: Math.min(state.started, expected),
    // With a lower --expect, not every host needs a worker.
    hosts: expected < hosts.length ? [] : hosts.flatMap(({ tag }) => tag ?? []),
    timeout: minutes * 60_000,
    signal,
    report,
  };
  const arrived = await state.arrival.wait(wanted);
  const { workers, started } = arrived;
  const warnings = await findMissing(state, { name, expected, minutes }, arrived, signal);
  const isUnclear = started.length < wanted.started;
  const unclear = `${counted(wanted.started, 'launcher')} started, but the pool shows ${counted(started.length, 'new worker')}`;
  return {
    notes: [`${name} has ${counted(workers.length, 'worker')}`, ...workers.map(describe)],
    warnings: [...warnings, ...(isUnclear ? [unclear] : [])],
    facts: { pool: state.pool, workers: workers.map(({ id }) => id), started: started.map(({ id }) => id) },
  };
}

/** Describes a worker in one line: its host, its ID, its age and its other tags. */
function describe(worker: Arrived['workers'][number]): string {
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - worker.createdAt));
  const age =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`;
  const { host, ...others } = readMetadata(worker);
  const tags = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [host === undefined ? worker.id : `${host}: ${worker.id}`, `${age} old`, ...tags].join(', ');
}
