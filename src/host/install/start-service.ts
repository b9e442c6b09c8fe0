import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { SERVICE } from './install-record.ts';
import { serviceState, startAndCheck, systemctl } from './service.ts';

/** How to roll back a host. */
export interface Rollback {
  /** Whether the service was running. */
  readonly wasActive: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Restarts the service if files changed, or starts it if it is down and may be started. If it does not stay up, rolls the host
 * back, if possible, and lets the service run as before.
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
      title: `${isUp ? 'Restart' : 'Start'} the service, and check that it stays up`,
      status: isUp && !isChanged ? 'unchanged' : 'create',
      async run(during) {
        try {
          await systemctl(['daemon-reload'], during);
          await startAndCheck(verb, during);
        } catch (error) {
          // An interruption is not a failure: the new files stay, and the next run starts the service with them.
          if (!rollback || during.aborted) throw error;
          await finishBeforeExit(() => rollBack(rollback));
          if (!(error instanceof UserError)) throw error;
          const { code, message, suggestions } = error;
          throw new UserError(code, `${message}. The previous files were restored`, { suggestions, cause: error });
        }
      },
    }),
  ];
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
