import { runProgram } from '../programs/index.ts';
import { UserError } from '../step/errors.ts';
import { pause } from '../step/pause.ts';
import { undoIfStopped } from '../step/unfinished.ts';
import type { Api } from './api.ts';
import { getPool, setDrained, type Worker, type WorkerPool } from './worker-pools.ts';

/** Milliseconds between two looks at a pool. */
const BETWEEN_LOOKS = 2_000;

export interface Waiting {
  readonly signal: AbortSignal;
  readonly report: (progress: string) => void;
  /** Milliseconds after which it is given up; never, if left out. */
  readonly patience?: number;
}

/** Looks at a pool again and again, until it is as it should be. @throws UserError `SPACECTL_UNREACHABLE` when it takes too long */
async function waitForPool(
  api: Api,
  poolId: string,
  isReady: (pool: WorkerPool) => boolean,
  { signal, patience = Number.POSITIVE_INFINITY, what }: Waiting & { readonly what: string },
): Promise<void> {
  const deadline = Date.now() + patience;
  while (!isReady(await getPool(api, poolId, signal))) {
    if (Date.now() > deadline) {
      throw new UserError('SPACECTL_UNREACHABLE', `${what} within ${patience / 60_000} minutes`, {
        suggestions: [`spacectl workerpool worker list --pool-id ${poolId}`],
      });
    }
    await pause(BETWEEN_LOOKS, signal);
  }
}

/** Waits until a drained worker has no run any more. One that is gone has none either. */
export async function waitUntilIdle(api: Api, poolId: string, workerId: string, waiting: Waiting): Promise<void> {
  const isIdle = (pool: WorkerPool) => {
    const worker = pool.workers.find(({ id }) => id === workerId);
    if (worker && !worker.drained) {
      throw new UserError('SPACECTL_CHECK_FAILED', `Meanwhile somebody undrained the worker ${workerId}`);
    }
    return !worker?.busy;
  };
  await waitForPool(api, poolId, isIdle, { ...waiting, what: `The worker ${workerId} did not finish its run` });
}

/**
 * Replaces one worker without cutting a run short: it takes no new runs, ends what it has, its host is replaced, and
 * another worker takes its place. Where that fails or is stopped, it takes runs again.
 *
 * @param program replaces the host: it is given the worker's ID, and its metadata as SPACELIFT_METADATA_*. Left out, that
 *   is done by somebody else, and waited for.
 */
export async function replaceWorker(
  api: Api,
  {
    pool,
    worker,
    program,
  }: { readonly pool: WorkerPool; readonly worker: Worker; readonly program: string | undefined },
  waiting: Waiting,
): Promise<void> {
  const { signal, report } = waiting;
  const set = (drain: boolean, until: AbortSignal) =>
    setDrained(api, { pool: pool.id, worker: worker.id, drain }, until);
  // A worker that has gone meanwhile cannot be undrained, and need not be.
  const undrain = () => set(false, AbortSignal.timeout(5_000)).catch(() => {});
  const finished = undoIfStopped(undrain);
  const present = await getPool(api, pool.id, signal);
  if (!present.workers.some(({ id }) => id === worker.id)) return finished();
  try {
    await set(true, signal);
    report(`${worker.id}: drained, waiting for the end of its run`);
    await waitUntilIdle(api, pool.id, worker.id, waiting);
    if (program) await runReplacement(program, worker, signal);
    report(
      `${worker.id}: idle, ${program ? 'waiting for its successor' : 'end its host now, so that another one takes its place'}`,
    );
    const isReplaced = ({ workers }: WorkerPool) =>
      !workers.some(({ id }) => id === worker.id) && workers.length >= present.workers.length;
    await waitForPool(api, pool.id, isReplaced, { ...waiting, what: `The worker ${worker.id} was not replaced` });
  } catch (error) {
    if (!signal.aborted) await undrain();
    throw error;
  } finally {
    if (!signal.aborted) finished();
  }
}

async function runReplacement(program: string, worker: Worker, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram(program, [worker.id], {
    signal,
    environment: metadataVariables(worker),
  });
  if (exitCode === 0) return;
  const message = `${program} could not replace the worker ${worker.id} (exit code ${exitCode}): ${stderr.slice(-500)}`;
  throw new UserError('SPACECTL_PROGRAM_FAILED', message);
}

/** A worker's metadata as the launcher was given it. */
export function metadataVariables(worker: Pick<Worker, 'metadata'>): Record<string, string> {
  const named = Object.entries(readMetadata(worker)).filter(([name]) => /^\w+$/.test(name));
  return Object.fromEntries(named.map(([name, value]) => [`SPACELIFT_METADATA_${name}`, value]));
}

/** A worker's metadata; empty where it is not what it should be. */
export function readMetadata({ metadata }: Pick<Worker, 'metadata'>): Readonly<Record<string, string>> {
  try {
    const document: unknown = JSON.parse(metadata);
    if (typeof document !== 'object' || document === null) return {};
    return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
