import { UserError } from '../../core/errors.ts';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { SERVICE } from './install-record.ts';
import { bringUp, serviceState, systemctl } from './service.ts';

/** How a host gets back to what it was. */
export interface Rollback {
  /** Whether the service ran then. */
  readonly wasActive: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Restarts what runs with other files than before, and starts what is down, if it may. Where the service does not stay
 * up, it is rolled back, where that is possible, and runs again as it did.
 */
export async function startService(
  { isChanged, mayStart }: { isChanged: boolean; mayStart: boolean },
  back: Rollback | undefined,
  { action, signal }: Planner,
): Promise<readonly ActionChange[]> {
  const isUp = (await serviceState(signal))?.active === 'active';
  if (!isUp && !mayStart) return [];
  const verb = isUp ? 'restart' : 'start';
  return [
    action({
      title: `${isUp ? 'Restart' : 'Start'} the service, and see that it stays up`,
      status: isUp && !isChanged ? 'unchanged' : 'create',
      async run(during) {
        try {
          await systemctl(['daemon-reload'], during);
          await bringUp(verb, during);
        } catch (error) {
          // Stopped by the user is not failed: the new files stay, and the next run starts the service with them.
          if (!back || during.aborted) throw error;
          await finishBeforeExit(() => rollBack(back));
          if (!(error instanceof UserError)) throw error;
          const { code, message, suggestions } = error;
          throw new UserError(code, `${message}. The files are as they were before`, { suggestions, cause: error });
        }
      },
    }),
  ];
}

/** Milliseconds that going back may take: it is not interrupted, and has to end. */
const ROLLBACK_TIMEOUT = 60_000;

/** Files and service as they were. Whether it comes up with the old files is for the journal to say. */
async function rollBack({ run, wasActive }: Rollback): Promise<void> {
  const limit = AbortSignal.timeout(ROLLBACK_TIMEOUT);
  await run(limit);
  await systemctl(['daemon-reload'], limit);
  await systemctl(wasActive ? ['restart', '--no-block', SERVICE] : ['stop', SERVICE], limit).catch(() => {});
}
