import { UserError } from '../core/errors.ts';
import { counted, listed } from '../core/text.ts';
import type { Arrived } from '../spacelift/index.ts';
import type { DeployedHost, DeploymentState, NamedReport } from './state.ts';

/** A pool whose workers were waited for. */
export interface WaitedFor {
  readonly name: string;
  readonly expected: number;
  readonly minutes: number;
}

/**
 * Runs the checks of hosts that have no worker. If the pool has too few workers, also of hosts whose tag is not known.
 * @returns warnings about hosts whose checks pass, if there are enough workers
 * @throws UserError `SPACECTL_CHECK_FAILED` if there are too few workers, or a host without one is no worker
 */
export async function findMissing(
  state: DeploymentState,
  pool: WaitedFor,
  { workers, absent }: Arrived,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const isEnough = workers.length >= pool.expected;
  if (isEnough && absent.length === 0) return [];
  const isAsked = ({ tag }: DeployedHost) => (tag === undefined ? !isEnough : absent.includes(tag));
  const answers = await Promise.all(
    state.groups.map(async ({ hosts, ask }) => {
      const asked = hosts.filter(isAsked).map(({ name }) => name);
      return asked.length > 0 ? ask(asked, signal).catch(noAnswer) : [];
    }),
  );
  const reports = answers.flat();
  const missing = state.groups
    .flatMap(({ hosts }) => hosts)
    .filter(({ tag }) => tag !== undefined && absent.includes(tag));
  const areWorkers = missing.every(({ name }) => reports.some((each) => each.host === name && each.isWorker === true));
  if (isEnough && areWorkers)
    return missing.map(
      ({ name, tag }) => `The checks on ${name} pass, but no worker in the pool has the tag host=${tag}`,
    );
  throw missingWorkers(state.pool ?? '', pool, { workers, missing: missing.map(({ name }) => name), reports });
}

/** Treats hosts that cannot be reached as hosts without an answer. @throws bugs and interruptions */
function noAnswer(error: unknown): readonly NamedReport[] {
  if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
  return [];
}

function missingWorkers(
  id: string,
  { name, expected, minutes }: WaitedFor,
  {
    workers,
    missing,
    reports,
  }: {
    readonly workers: Arrived['workers'];
    readonly missing: readonly string[];
    readonly reports: readonly NamedReport[];
  },
): UserError {
  const silent = missing.filter((host) => !reports.some((each) => each.host === host));
  const sentences = [
    `${name} has ${counted(workers.length, 'worker')} of ${expected} after ${counted(minutes, 'minute')}`,
    ...(missing.length > 0 ? [`No worker from ${listed(missing)}`] : []),
    ...reports.map(({ host, faults }) => `${host}: ${faults.join('; ') || 'its own checks pass'}`),
    ...silent.map((host) => `${host}: does not answer`),
  ];
  return new UserError('SPACECTL_CHECK_FAILED', sentences.join('. '), {
    suggestions: [
      { command: `spacectl workerpool watch --pool-id ${id}` },
      `Run the same command again with a longer --wait, such as ${minutes * 2}`,
    ],
  });
}
