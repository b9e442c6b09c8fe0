import { UserError } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
import { undoIfStopped } from '../../core/unfinished.ts';
import { wordFor } from '../../core/words.ts';
import { runProgram } from '../../programs/index.ts';
import type { Api } from '../api/api.ts';
import { outlasting } from '../api/outage.ts';
import { getPool, setDrained, type Worker, type WorkerPool } from '../api/worker-pools.ts';
import { metadataVariables } from './worker-metadata.ts';

/** Milliseconds between two looks at a pool. */
const BETWEEN_LOOKS = 2_000;

/** Milliseconds to undrain a worker in: whoever has stopped the program waits for it. */
const UNDOING = 4_000;

export interface Waiting {
  readonly signal: AbortSignal;
  readonly report: (progress: string) => void;
  /** Milliseconds after which it is given up; never, if left out. */
  readonly patience?: number;
}

/**
 * Looks at a pool again and again, until it is as it should be. Outlives a network that is gone for a while.
 *
 * @param doing said while it goes on
 * @param failed said when it takes too long
 * @throws UserError `SPACECTL_UNREACHABLE` then
 */
async function waitForPool(
  api: Api,
  poolId: string,
  isReady: (pool: WorkerPool) => boolean,
  {
    signal,
    report,
    patience = Number.POSITIVE_INFINITY,
    doing,
    failed,
  }: Waiting & { readonly doing: string; readonly failed: string },
): Promise<void> {
  const deadline = Date.now() + patience;
  const look = outlasting(() => getPool(api, poolId, signal));
  for (let last: string | undefined; ; ) {
    const pool = await look();
    const isOutage = pool instanceof UserError;
    if (!isOutage && isReady(pool)) return;
    if (Date.now() > deadline) {
      throw new UserError('SPACECTL_UNREACHABLE', `${failed} within ${patience / 60_000} minutes`, {
        suggestions: [`spacectl workerpool worker list --pool-id ${wordFor(poolId)}`],
        ...(isOutage && { cause: pool }),
      });
    }
    const now = isOutage ? `${doing}. ${pool.message}: trying again` : doing;
    if (now !== last) report(now);
    last = now;
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
  await waitForPool(api, poolId, isIdle, {
    ...waiting,
    doing: `${workerId}: drained, waiting for the end of its run`,
    failed: `The worker ${workerId} did not finish its run`,
  });
}

/**
 * Replaces one worker without cutting a run short: it takes no new runs, ends what it has, its host is replaced, and
 * another worker takes its place. Where that fails or is stopped, it takes runs again; where that fails too, the error
 * says how to see to it.
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
  const { signal } = waiting;
  const set = (drain: boolean, until: AbortSignal) =>
    setDrained(api, { pool: pool.id, worker: worker.id, drain }, until);
  const undrain = async () => {
    const until = AbortSignal.timeout(UNDOING);
    await set(false, until).catch(async (error: unknown) => {
      // A worker that has gone meanwhile cannot be undrained, and need not be.
      const isThere = await getPool(api, pool.id, until).then(
        ({ workers }) => workers.some(({ id }) => id === worker.id),
        () => true,
      );
      if (isThere) throw error;
    });
  };
  const undrainAtTheEnd = () =>
    undrain().catch((error: unknown) => {
      throw stillDrained(error, pool, worker);
    });
  const finished = undoIfStopped(undrainAtTheEnd);
  const present = await getPool(api, pool.id, signal);
  if (!present.workers.some(({ id }) => id === worker.id)) return finished();
  try {
    await set(true, signal);
    await waitUntilIdle(api, pool.id, worker.id, waiting);
    if (program) await runReplacement(program, worker, signal);
    const isReplaced = ({ workers }: WorkerPool) =>
      !workers.some(({ id }) => id === worker.id) && workers.length >= present.workers.length;
    const doing = program ? 'waiting for its successor' : 'end its host now, so that another one takes its place';
    await waitForPool(api, pool.id, isReplaced, {
      ...waiting,
      doing: `${worker.id}: idle, ${doing}`,
      failed: `The worker ${worker.id} was not replaced`,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw await undrain().then(
      () => error,
      () => stillDrained(error, pool, worker),
    );
  } finally {
    if (!signal.aborted) finished();
  }
}

/** An error, and that the worker takes no runs since. */
function stillDrained(error: unknown, pool: WorkerPool, worker: Worker): unknown {
  if (!(error instanceof UserError)) return error;
  const undrain = `spacectl workerpool worker undrain --pool-id ${wordFor(pool.id)} --id ${wordFor(worker.id)}`;
  const what = error.code === 'SPACECTL_INTERRUPTED' ? 'Interrupted' : error.message;
  return new UserError(error.code, `${what}. The worker ${worker.id} stays drained`, {
    suggestions: [...error.suggestions, undrain],
    cause: error,
  });
}

async function runReplacement(program: string, worker: Worker, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram(program, [worker.id], {
    signal,
    environment: metadataVariables(worker),
  });
  if (exitCode === 0) return;
  const message = `${program} could not replace the worker ${worker.id} (exit code ${exitCode})`;
  const said = stderr.slice(-500);
  throw new UserError('SPACECTL_PROGRAM_FAILED', said ? `${message}: ${said}` : message);
}
