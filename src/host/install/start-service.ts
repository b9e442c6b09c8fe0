import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { checkWorker, type WorkerReport } from '../worker-check.ts';
import { SERVICE } from './install-record.ts';
import { SEE_JOURNAL, serviceState, startAndCheck, systemctl } from './service.ts';

/** How to roll back a host. */
export interface Rollback {
  /** Whether the service was running. */
  readonly wasActive: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/** Seconds in which a launcher that runs has to be connected. The script gives up earlier where waiting does not help. */
const CONNECT_SECONDS = 180;

/**
 * Restarts the service if files changed, or starts it if it is down and may be started, and waits until this host is a
 * worker. If the launcher does not stay up, rolls the host back, if possible, and lets the service run as before. If it stays
 * up but this host is no worker, does so only if the service ran before: on a new host the files stay, to find out why.
 */
export async function startService(
  { isChanged, mayStart }: { isChanged: boolean; mayStart: boolean },
  rollback: Rollback | undefined,
  { action, signal }: Planner,
): Promise<readonly ActionChange[]> {
  const isUp = (await serviceState(signal))?.active === 'active';
  if (!isUp && !mayStart) return [];
  const verb = isUp ? 'restart' : 'start';
  return [
    action({
      title: `${isUp ? 'Restart' : 'Start'} the service, and check that this host is a worker`,
      status: isUp && !isChanged ? 'unchanged' : 'create',
      async run(during) {
        await orRollBack(rollback, during, async () => {
          await systemctl(['daemon-reload'], during);
          await startAndCheck(verb, during);
        });
        await orRollBack(rollback?.wasActive ? rollback : undefined, during, async () => {
          const report = await checkWorker(during, CONNECT_SECONDS);
          if (report && !report.worker) throw noWorker(report);
        });
      },
    }),
  ];
}

/** Does some work. Rolls the host back if it fails. */
async function orRollBack(
  rollback: Rollback | undefined,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // An interruption is not a failure: the new files stay, and the next run starts the service with them.
    if (!rollback || signal.aborted) throw error;
    await finishBeforeExit(() => rollBack(rollback));
    if (!(error instanceof UserError)) throw error;
    const { code, message, suggestions } = error;
    throw new UserError(code, `${message}. The previous files were restored`, { suggestions, cause: error });
  }
}

/** Creates the error for a service that runs on a host that is no worker. */
function noWorker({ faults }: WorkerReport): UserError {
  const message = `The service runs, but this host is not a worker: ${faults.map(({ text }) => text).join('; ')}`;
  return new UserError('SPACECTL_PROGRAM_FAILED', message, {
    suggestions: [{ command: 'sudo spacectl host doctor' }, { command: SEE_JOURNAL }],
  });
}

/** Milliseconds for a rollback, which cannot be interrupted. */
const ROLLBACK_TIMEOUT_MS = 60_000;

/** Restores files and service. Does not wait for the service: whether it stays up with the old files is in its log. */
async function rollBack({ run, wasActive }: Rollback): Promise<void> {
  const limit = AbortSignal.timeout(ROLLBACK_TIMEOUT_MS);
  await run(limit);
  await systemctl(['daemon-reload'], limit);
  await systemctl(wasActive ? ['restart', '--no-block', SERVICE] : ['stop', SERVICE], limit).catch(() => {});
}
