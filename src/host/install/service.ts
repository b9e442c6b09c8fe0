import { stat } from 'node:fs/promises';
import { uptime } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { dateFrom } from '../../core/date.ts';
import { UserError } from '../../core/errors.ts';
import { runProgram } from '../../programs/index.ts';
import { outputOf } from '../programs.ts';
import { SERVICE } from './install-record.ts';

/** State of the launcher's service in systemd. */
export interface ServiceState {
  /** `active`, `failed`, `inactive`, `activating` */
  readonly active: string;
  readonly detail: string;
  readonly isLoaded: boolean;
  readonly isEnabled: boolean;
  readonly restarts: number;
  /** When it last started. */
  readonly startedAt: Date | undefined;
}

const PROPERTIES = [
  'LoadState',
  'ActiveState',
  'SubState',
  'NRestarts',
  'UnitFileState',
  'ActiveEnterTimestampMonotonic',
];

/** Asks systemd for the service's state. Returns `undefined` if systemd does not respond. */
export async function serviceState(signal: AbortSignal): Promise<ServiceState | undefined> {
  const shown = await outputOf('systemctl', ['show', SERVICE, '--property', PROPERTIES.join(',')], signal);
  return shown === undefined ? undefined : parseServiceState(shown);
}

/** Parses the output of `systemctl show`; what is missing counts as unknown. */
export function parseServiceState(shown: string): ServiceState {
  const property = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? '';
  return {
    active: property('ActiveState'),
    detail: property('SubState'),
    isLoaded: property('LoadState') === 'loaded',
    isEnabled: property('UnitFileState') === 'enabled',
    restarts: Number(property('NRestarts')),
    startedAt: sinceBoot(Number(property('ActiveEnterTimestampMonotonic'))),
  };
}

/** Converts systemd's microseconds since boot to a date; 0 means never. */
function sinceBoot(microseconds: number): Date | undefined {
  return microseconds > 0 ? dateFrom(Date.now() - uptime() * 1000 + microseconds / 1000) : undefined;
}

/** Reports whether systemd runs this machine (sd_booted(3)). */
export async function isSystemdRunning(): Promise<boolean> {
  return (await stat('/run/systemd/system').catch(() => undefined))?.isDirectory() ?? false;
}

/** Runs systemctl. @throws UserError `SPACECTL_PROGRAM_FAILED` with its error */
export async function systemctl(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runProgram('systemctl', args, { signal });
  if (exitCode === 0) return;
  throw new UserError('SPACECTL_PROGRAM_FAILED', `systemctl ${args.join(' ')} failed: ${stderr}`, {
    suggestions: [{ command: SEE_JOURNAL }],
  });
}

/** Shows what the service said last. */
export const SEE_JOURNAL = 'journalctl -u spacelift-launcher --since -10min';

/** Seconds in which a launcher with bad settings exits. */
const SETTLE_SECONDS = 5;

/**
 * Starts or restarts the service, and checks that it stays up.
 * @throws UserError `SPACECTL_PROGRAM_FAILED` if it does not
 */
export async function startAndCheck(verb: 'start' | 'restart', signal: AbortSignal): Promise<void> {
  let log = await startupFailure(verb, signal);
  // The control group of the previous run may not be removed yet (systemd.exec(5), 219): the launcher did not run at all.
  if (log?.includes('status=219/CGROUP')) log = await startupFailure('restart', signal);
  if (log === undefined) return;
  throw new UserError(
    'SPACECTL_PROGRAM_FAILED',
    `The launcher did not stay up: ${log.split('\n').slice(-3).join(' | ')}`,
    { suggestions: [{ command: SEE_JOURNAL }] },
  );
}

/** Starts the service and watches it. @returns the end of its log if it does not stay up */
async function startupFailure(verb: 'start' | 'restart', signal: AbortSignal): Promise<string | undefined> {
  await systemctl(['reset-failed', SERVICE], signal).catch(() => {});
  await systemctl([verb, SERVICE], signal);
  for (let second = 0; second < SETTLE_SECONDS; second++) {
    await setTimeout(1000, undefined, { signal }).catch(() => {});
    const state = await serviceState(signal);
    if (state?.active === 'active' && state.restarts === 0) continue;
    return (await outputOf('journalctl', ['-u', SERVICE, '-n', '5', '-o', 'cat', '--no-pager'], signal)) ?? '';
  }
  return undefined;
}
