import { UserError } from '../../core/errors.ts';
import { counted, quoteIfNeeded } from '../../core/text.ts';
import { undoIfStopped } from '../../core/unfinished.ts';
import { LONG_TIMEOUT, runProgram } from '../../programs/index.ts';
import type { Api } from '../api/api.ts';
import { setDrained } from '../api/pool-changes.ts';
import { getPool, type Worker, type WorkerPool } from '../api/worker-pools.ts';
import { metadataVariables } from './metadata.ts';
import { pollPool, type WaitOptions } from './poll-pool.ts';

/** Milliseconds for undraining a worker after an interruption: the user waits for it. */
const UNDRAIN_TIMEOUT_MS = 4_000;

/**
 * Polls a pool until it is ready. Tolerates temporary network outages.
 *
 * @param doing message while it waits
 * @param failed message after the timeout
 * @throws UserError `SPACECTL_UNREACHABLE` after the timeout
 */
async function waitForPool(
  api: Api,
  poolId: string,
  isReady: (pool: WorkerPool) => boolean,
  { doing, failed, ...options }: WaitOptions & { readonly doing: string; readonly failed: string },
): Promise<void> {
  const { isReady: isDone, last } = await pollPool(api, poolId, isReady, { ...options, doing: () => doing });
  if (isDone) return;
  throw new UserError(
    'SPACECTL_UNREACHABLE',
    `${failed} within ${counted((options.timeout ?? 0) / 60_000, 'minute')}`,
    {
      suggestions: [{ command: `spacectl workerpool worker list --pool-id ${quoteIfNeeded(poolId)}` }],
      ...(last instanceof UserError && { cause: last }),
    },
  );
}

/** Waits until a drained worker has finished its run, or no longer exists. */
export async function waitUntilIdle(api: Api, poolId: string, workerId: string, options: WaitOptions): Promise<void> {
  const isIdle = (pool: WorkerPool) => {
    const worker = pool.workers.find(({ id }) => id === workerId);
    if (worker && !worker.drained) {
      throw new UserError(
        'SPACECTL_CHECK_FAILED',
        `Worker ${workerId} was undrained while spacectl waited for its run to finish`,
      );
    }
    return !worker?.busy;
  };
  await waitForPool(api, poolId, isIdle, {
    ...options,
    doing: `${workerId}: drained, waiting for its run to finish`,
    failed: `Worker ${workerId} did not finish its run`,
  });
}

/** Drains workers one after the other. One that is gone meanwhile needs no more. */
export async function drainAll(
  api: Api,
  poolId: string,
  workers: readonly Worker[],
  signal: AbortSignal,
): Promise<void> {
  for (const { id, drained } of workers) {
    if (drained) continue;
    await setDrained(api, { pool: poolId, worker: id, drain: true }, signal).catch(async (error: unknown) => {
      const { workers: present } = await getPool(api, poolId, signal);
      if (present.some((worker) => worker.id === id)) throw error;
    });
  }
}

/** Waits until no worker of a pool is busy. @throws UserError `SPACECTL_UNREACHABLE` after the timeout */
export async function waitUntilAllIdle(api: Api, poolId: string, options: WaitOptions): Promise<void> {
  await waitForPool(api, poolId, ({ workers }) => !workers.some(({ busy }) => busy), {
    ...options,
    doing: 'Drained, waiting for runs to finish',
    failed: 'Runs on drained workers did not finish',
  });
}

/**
 * Replaces one worker without cutting a run short: drains it, waits for its run to finish, has its host replaced, and waits
 * for a new worker. If that fails or is interrupted, undrains the worker; if that fails too, the error says how to undrain it.
 *
 * @param program replaces the host. Its argument is the worker's ID; it gets the metadata as SPACELIFT_METADATA_*. Without a
 *   program, waits for the user to replace the host.
 */
export async function replaceWorker(
  api: Api,
  {
    pool,
    worker,
    program,
  }: { readonly pool: WorkerPool; readonly worker: Worker; readonly program: string | undefined },
  options: WaitOptions,
): Promise<void> {
  const { signal } = options;
  const set = (drain: boolean, until: AbortSignal) =>
    setDrained(api, { pool: pool.id, worker: worker.id, drain }, until);
  const undrain = async () => {
    const until = AbortSignal.timeout(UNDRAIN_TIMEOUT_MS);
    await set(false, until).catch(async (error: unknown) => {
      // A worker that no longer exists cannot be undrained, and need not be.
      const exists = await getPool(api, pool.id, until).then(
        ({ workers }) => workers.some(({ id }) => id === worker.id),
        () => true,
      );
      if (exists) throw error;
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
    await waitUntilIdle(api, pool.id, worker.id, options);
    if (program) await runReplacement(program, worker, signal);
    const isReplaced = ({ workers }: WorkerPool) =>
      !workers.some(({ id }) => id === worker.id) && workers.length >= present.workers.length;
    const doing = program ? 'waiting for a new worker' : 'terminate its host now, so that a new worker can replace it';
    await waitForPool(api, pool.id, isReplaced, {
      ...options,
      doing: `${worker.id}: idle, ${doing}`,
      failed: `Worker ${worker.id} was not replaced`,
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

/** Adds to an error that the worker is still drained, and the command that undrains it. */
function stillDrained(error: unknown, pool: WorkerPool, worker: Worker): unknown {
  if (!(error instanceof UserError)) return error;
  const undrain = `spacectl workerpool worker undrain --pool-id ${quoteIfNeeded(pool.id)} --id ${quoteIfNeeded(worker.id)}`;
  const what = error.code === 'SPACECTL_INTERRUPTED' ? 'Interrupted' : error.message;
  return new UserError(error.code, `${what}. Worker ${worker.id} is still drained`, {
    suggestions: [...error.suggestions, { command: undrain }],
    cause: error,
  });
}

async function runReplacement(program: string, worker: Worker, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram(program, [worker.id], {
    signal,
    environment: metadataVariables(worker),
    timeout: LONG_TIMEOUT,
  });
  if (exitCode === 0) return;
  const message = `${program} failed to replace worker ${worker.id} (exit code ${exitCode})`;
  const said = stderr.slice(-500);
  throw new UserError('SPACECTL_PROGRAM_FAILED', said ? `${message}: ${said}` : message);
}
