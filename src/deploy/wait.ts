import { UserError } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import { type Arrived, readMetadata, watchArrival } from '../spacelift/index.ts';
import type { Outcome, Plan, Planner } from '../step/plan.ts';
import type { Crew, HostVerdict } from './crew.ts';

/** How long to wait, for how many workers, and with whose credentials. */
export interface Patience {
  readonly minutes: number;
  /** Overrides the number that the deployment expects. */
  readonly expect: number | undefined;
  readonly profile: string | undefined;
}

/** Plans to wait until the workers appear in the pool. */
export function planWait(crew: Crew, patience: Patience, planner: Planner): Plan {
  const expected = patience.expect ?? crew.expected;
  if (expected === 0) return { changes: [] };
  const wait = planner.action({
    title: `Wait for ${counted(expected, 'worker')} in the pool`,
    run: (signal, report) => waitForWorkers(crew, { ...patience, expected }, { signal, report }),
  });
  return { changes: [wait] };
}

async function waitForWorkers(
  crew: Crew,
  { minutes, expected, profile }: Patience & { readonly expected: number },
  { signal, report }: { readonly signal: AbortSignal; readonly report: (progress: string) => void },
): Promise<Outcome> {
  if (crew.pool === undefined)
    return { warnings: ['Not checked at Spacelift: the directory does not say which pool it is'] };
  crew.arrival ??= await watchArrival({ pool: crew.pool, profile }, signal);
  if (!crew.arrival) {
    return { warnings: ['Not checked at Spacelift: no credentials. To see the workers: spacectl profile login ALIAS'] };
  }
  const { name } = crew.arrival;
  const wanted = {
    total: expected,
    started: Math.min(crew.started, expected),
    timeout: minutes * 60_000,
    signal,
    report,
  };
  const { workers, started } = await crew.arrival.wait(wanted);
  if (workers.length < expected) {
    throw missingWorkers({ name, pool: crew.pool, expected, minutes }, workers, await askHosts(crew));
  }
  const isUnclear = started.length < wanted.started;
  const unclear = `${counted(wanted.started, 'launcher')} started, but the pool shows ${counted(started.length, 'new worker')}`;
  return {
    notes: [`${name} has ${counted(workers.length, 'worker')}`, ...workers.map(describe)],
    warnings: isUnclear ? [unclear] : [],
    facts: { pool: crew.pool, workers: workers.map(({ id }) => id), started: started.map(({ id }) => id) },
  };
}

/** Describes a worker in one line: its ID, its age and its metadata. */
function describe(worker: Arrived['workers'][number]): string {
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - worker.createdAt));
  const age =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`;
  const tags = Object.entries(readMetadata(worker)).map(([name, value]) => `${name}=${value}`);
  return [worker.id, `since ${age}`, ...tags].join(' ');
}

/** Runs the checks of the hosts. A host that does not answer is left out. */
async function askHosts({ inquiries }: Crew): Promise<readonly HostVerdict[]> {
  const answers = await Promise.all(inquiries.map((ask) => ask().catch(() => [])));
  return answers.flat();
}

function missingWorkers(
  pool: {
    readonly name: string;
    readonly pool: string;
    readonly expected: number;
    readonly minutes: number;
  },
  workers: Arrived['workers'],
  verdicts: readonly HostVerdict[],
): UserError {
  const found = verdicts.map(({ host, faults }) => `${host}: ${faults.join('; ') || 'its own check finds no fault'}`);
  const hosts = found.length > 0 ? `. ${found.join('. ')}` : '';
  const message = `${pool.name} has ${counted(workers.length, 'worker')} of ${pool.expected} after ${counted(pool.minutes, 'minute')}${hosts}`;
  return new UserError('SPACECTL_CHECK_FAILED', message, {
    suggestions: [
      `spacectl workerpool watch --pool-id ${pool.pool}`,
      `Run the same command again with a longer --wait, such as ${pool.minutes * 2}`,
    ],
  });
}
