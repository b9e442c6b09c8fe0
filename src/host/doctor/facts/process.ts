import { toSafeLine } from '../../../core/safe-line.ts';
import { LAUNCHER, SERVICE } from '../../install/install-record.ts';
import type { HostReader, Variables } from '../reader.ts';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';
import { examineSecrets, type Secrets } from './secrets.ts';

/** The launcher that runs. What only root can read is `undefined` for others. */
export interface LauncherProcess {
  readonly pid: number;
  readonly environment: Variables | undefined;
  /** Its token and key, from its environment. */
  readonly secrets: Secrets | undefined;
  /** Numeric IDs; all groups, its own and additional ones. */
  readonly user: number | undefined;
  readonly groups: readonly number[];
  /** What it executes; ends in ` (deleted)` if the file was replaced. */
  readonly program: string | undefined;
  /** Hard limits; `undefined` is unlimited. */
  readonly maxFiles: number | undefined;
  readonly maxProcesses: number | undefined;
}

/** Processes that run a launcher. */
export interface Processes {
  /** The main process of the service. */
  readonly launcher: LauncherProcess | undefined;
  /** Other processes that run a program called like the launcher: their ID and program. */
  readonly others: readonly { readonly pid: number; readonly program: string }[];
  /** The end of the service's log, if the service does not run. */
  readonly lastLine: string | undefined;
}

/** Reads the running launcher, and looks for others that were started by other means. */
export async function gatherProcesses({ reader, units }: Context): Promise<Processes> {
  const pid = units.get(SERVICE)?.pid;
  return {
    launcher: pid === undefined ? undefined : await readProcess(reader, pid),
    others: await findOthers(reader, pid),
    lastLine: pid === undefined ? await lastLineOf(reader) : undefined,
  };
}

async function lastLineOf(reader: HostReader): Promise<string | undefined> {
  const args = ['-u', SERVICE, '-n', '1', '-o', 'cat', '--no-pager', '-q'];
  const ran = await reader.run('journalctl', args).catch(() => undefined);
  return toSafeLine(ran?.stdout.toString('utf8') ?? '') || undefined;
}

async function readProcess(reader: HostReader, pid: number): Promise<LauncherProcess> {
  const [environ, status = '', limits = '', program] = await Promise.all([
    readText(reader, `/proc/${pid}/environ`),
    readText(reader, `/proc/${pid}/status`),
    readText(reader, `/proc/${pid}/limits`),
    reader.link(`/proc/${pid}/exe`),
  ]);
  const numbers = (name: string) =>
    (new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '').split(/\s+/).filter(Boolean).map(Number);
  const limit = (name: string) => {
    const hard = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1];
    return hard === undefined || hard === 'unlimited' ? undefined : Number(hard);
  };
  const environment = environ === undefined || environ === '' ? undefined : variablesIn(environ);
  return {
    pid,
    environment,
    secrets: await examineSecrets('the running launcher', environment),
    user: numbers('Uid')[1],
    groups: [...numbers('Gid').slice(1, 2), ...numbers('Groups')],
    program,
    maxFiles: limit('Max open files'),
    maxProcesses: limit('Max processes'),
  };
}

/** Reads the environment of a process, as the kernel shows it (proc(5), /proc/pid/environ). */
export function variablesIn(environ: string): Variables {
  return Object.fromEntries(
    environ.split('\0').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );
}

/** Finds other launchers that run in this host's own mount namespace: not those in containers. */
async function findOthers(reader: HostReader, main: number | undefined): Promise<Processes['others']> {
  const pids = (await reader.list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const name = LAUNCHER.slice(LAUNCHER.lastIndexOf('/') + 1);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const program = (await reader.link(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, '');
      if (pid === main || !program?.slice(program.lastIndexOf('/') + 1).startsWith(name)) return [];
      const control = (await readText(reader, `/proc/${pid}/cgroup`)) ?? '';
      return /spacelift-launcher\.service|docker|libpod|kubepods|containerd|machine\.slice|lxc/.test(control)
        ? []
        : [{ pid, program }];
    }),
  );
  return found.flat();
}
