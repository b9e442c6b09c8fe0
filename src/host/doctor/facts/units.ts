import { dateFrom } from '../../../core/date.ts';
import { SERVICE } from '../../install/install-record.ts';
import type { HostReader } from '../reader.ts';
import { readText } from './read-text.ts';

/** A unit, as `systemctl show` describes it. */
export interface Unit {
  readonly name: string;
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error` */
  readonly load: string;
  /** `active`, `inactive`, `failed`, `activating` … */
  readonly active: string;
  readonly detail: string;
  /** `enabled`, `disabled`, `masked` …; empty without a file */
  readonly enabled: string;
  /** Why it ended: `success`, `exit-code`, `oom-kill`, `resources`, `timeout` … */
  readonly result: string;
  /** Exit code of the last main process; 200 and above are systemd's own (systemd.exec(5)). */
  readonly exitStatus: number;
  readonly restarts: number;
  /** Whether a condition of the unit kept it from starting. */
  readonly isConditionMet: boolean;
  /** Whether its files changed since systemd read them. */
  readonly needsReload: boolean;
  readonly pid: number | undefined;
  readonly startedAt: Date | undefined;
  readonly user: string;
  readonly groups: readonly string[];
  /** Its file, and then its drop-ins. */
  readonly files: readonly UnitFile[];
}

/** A file of a unit. */
export interface UnitFile {
  readonly path: string;
  readonly isDropIn: boolean;
  /** In the order of the file; a line that is continued counts as one. */
  readonly directives: readonly { readonly name: string; readonly value: string }[];
}

/** The units that a worker needs, by name; empty if systemd does not answer. */
export type Units = ReadonlyMap<string, Unit>;

const NAMES = [
  SERVICE,
  'docker.service',
  'docker.socket',
  'spacelift-podman.socket',
  'spacelift-podman.service',
  'spacelift-recycle.timer',
  'user@1983.service',
  'snap.docker.dockerd.service',
];

const PROPERTIES =
  'Id,LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus,NRestarts,ConditionResult,NeedDaemonReload,MainPID,ExecMainStartTimestampMonotonic,User,SupplementaryGroups,FragmentPath,DropInPaths';

/** Asks systemd for the units of a worker. Starts nothing. */
export async function gatherUnits(reader: HostReader): Promise<Units> {
  const ran = await reader.run('systemctl', ['show', '--property', PROPERTIES, ...NAMES]).catch(() => undefined);
  if (ran?.exitCode !== 0) return new Map();
  const blocks = ran.stdout.toString('utf8').trim().split(/\n\n+/);
  const bootedAt = reader.now.getTime() - Number.parseFloat((await readText(reader, '/proc/uptime')) ?? '') * 1000;
  const units = await Promise.all(
    blocks.map((block, index) => unitFrom(block, { name: NAMES[index] ?? '', bootedAt, reader })),
  );
  return new Map(units.map((unit) => [unit.name, unit]));
}

async function unitFrom(
  block: string,
  { name, bootedAt, reader }: { name: string; bootedAt: number; reader: HostReader },
): Promise<Unit> {
  const property = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(block)?.[1] ?? '';
  const words = (key: string) => property(key).split(' ').filter(Boolean);
  const pid = Number(property('MainPID'));
  const microseconds = Number(property('ExecMainStartTimestampMonotonic'));
  const fragment = property('FragmentPath');
  const places = [
    ...(fragment ? [{ path: fragment, isDropIn: false }] : []),
    ...words('DropInPaths').map((path) => ({ path, isDropIn: true })),
  ];
  const files = await Promise.all(
    places.map(async (place) => ({ ...place, directives: directivesIn((await readText(reader, place.path)) ?? '') })),
  );
  return {
    name,
    load: property('LoadState'),
    active: property('ActiveState'),
    detail: property('SubState'),
    enabled: property('UnitFileState'),
    result: property('Result'),
    exitStatus: Number(property('ExecMainStatus')),
    restarts: Number(property('NRestarts')),
    isConditionMet: property('ConditionResult') !== 'no',
    needsReload: property('NeedDaemonReload') === 'yes',
    pid: pid > 0 ? pid : undefined,
    startedAt: microseconds > 0 ? dateFrom(bootedAt + microseconds / 1000) : undefined,
    user: property('User'),
    groups: words('SupplementaryGroups'),
    files,
  };
}

/** Reads the directives of a unit file (systemd.syntax(7)). Sections do not matter: no name is in two of them. */
function directivesIn(text: string): UnitFile['directives'] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const equals = line.indexOf('=');
      const name = line.slice(0, Math.max(equals, 0)).trimEnd();
      return /^[A-Za-z]+$/.test(name) ? [{ name, value: line.slice(equals + 1).trim() }] : [];
    });
}

/** Returns a directive's values as systemd combines them: an empty value drops those before. */
export function valuesOf(unit: Unit | undefined, name: string): readonly string[] {
  const all = (unit?.files ?? []).flatMap(({ directives }) => directives.filter((each) => each.name === name));
  return all.slice(all.findLastIndex(({ value }) => value === '') + 1).map(({ value }) => value);
}
