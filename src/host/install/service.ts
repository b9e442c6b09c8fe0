import { uptime } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../../core/errors.ts';
import { runProgram } from '../../programs/index.ts';
import { outputOf } from '../programs.ts';
import { showUnit } from '../show-unit.ts';
import { SERVICE } from './install-record.ts';

/** How the launcher's service is, as systemd has it. */
export interface ServiceState {
  /** `active`, `failed`, `inactive`, `activating` */
  readonly active: string;
  readonly detail: string;
  readonly isLoaded: boolean;
  readonly isEnabled: boolean;
  readonly restarts: number;
  /** When it last came up. */
  readonly startedAt: Date | undefined;
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'NRestarts',
  'UnitFileState',
  'ActiveEnterTimestampMonotonic',
] as const;

/** Asks systemd; `undefined` where there is none that answers. */
export async function serviceState(signal: AbortSignal): Promise<ServiceState | undefined> {
  const unit = await showUnit(SERVICE, PROPERTIES, signal);
  if (!unit) return undefined;
  return {
    active: unit.ActiveState,
    detail: unit.SubState,
    isLoaded: unit.LoadState === 'loaded',
    isEnabled: unit.UnitFileState === 'enabled',
    restarts: Number(unit.NRestarts),
    startedAt: sinceBoot(Number(unit.ActiveEnterTimestampMonotonic)),
  };
}

/** A moment that systemd gives in microseconds since the machine's start; 0 is never. */
function sinceBoot(microseconds: number): Date | undefined {
  return microseconds > 0 ? new Date(Date.now() - uptime() * 1000 + microseconds / 1000) : undefined;
}

/** @throws UserError `SPACECTL_PROGRAM_FAILED` with what systemctl said */
export async function systemctl(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram('systemctl', args, { signal });
  if (exitCode === 0) return;
  throw new UserError('SPACECTL_PROGRAM_FAILED', `systemctl ${args.join(' ')} failed: ${stderr}`, {
    suggestions: [SEE_JOURNAL],
  });
}

const SEE_JOURNAL = 'journalctl -u spacelift-launcher --since -10min';

/** Seconds in which a launcher that does not like its settings ends. */
const SETTLING = 5;

/**
 * Starts the service, or starts it anew, and watches whether it stays up.
 * @throws UserError `SPACECTL_PROGRAM_FAILED` where it does not
 */
export async function bringUp(verb: 'start' | 'restart', signal: AbortSignal): Promise<void> {
  let words = await failureOf(verb, signal);
  // The control group of the run before may still be on its way out (systemd.exec(5), 219): the launcher was never run.
  if (words?.includes('status=219/CGROUP')) words = await failureOf('restart', signal);
  if (words === undefined) return;
  throw new UserError(
    'SPACECTL_PROGRAM_FAILED',
    `The launcher did not stay up: ${words.split('\n').slice(-3).join(' | ')}`,
    { suggestions: [SEE_JOURNAL] },
  );
}

/** Starts the service and watches it. @returns what the journal has last where it does not stay up */
async function failureOf(verb: 'start' | 'restart', signal: AbortSignal): Promise<string | undefined> {
  await systemctl(['reset-failed', SERVICE], signal).catch(() => {});
  await systemctl([verb, SERVICE], signal);
  for (let second = 0; second < SETTLING; second++) {
    await setTimeout(1000, undefined, { signal }).catch(() => {});
    const state = await serviceState(signal);
    if (state?.active === 'active' && state.restarts === 0) continue;
    return (await outputOf('journalctl', ['-u', SERVICE, '-n', '5', '-o', 'cat', '--no-pager'], signal)) ?? '';
  }
  return undefined;
}
