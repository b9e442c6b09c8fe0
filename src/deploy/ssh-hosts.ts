import { UserError } from '../core/errors.ts';
import { counted, listed } from '../core/text.ts';
import { renderHost, systemd } from '../render/index.ts';
import { answersFor } from '../step/conversation.ts';
import type { Answers } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { type HostReport, readHostReport } from './host-report.ts';
import { hostTag } from './host-tag.ts';
import { ASK_HOST, installerScript, type SentFile } from './installer-script.ts';
import { runAsRoot, type SshHost, sshCommand } from './ssh.ts';
import type { DeploymentState } from './state.ts';

/** The files that go to each host, the secrets among them. */
async function filesFor(answers: Answers, planner: Planner) {
  const defaults = { caStrategy: 'inline', instanceMetadata: 'none' } as const;
  const given = answersFor(systemd, answers);
  const { files, secrets, warnings } = await renderHost(given as never, planner, defaults);
  const isFetched = given['secrets-from'] !== undefined;
  const sent: readonly SentFile[] = [...files, ...(secrets && !isFetched ? [secrets] : [])];
  return { sent, hasSecrets: isFetched || secrets !== undefined, warnings };
}

/**
 * Plans to install hosts over SSH, one after the other, and to stop at the first that does not become a worker. All are
 * checked before the first is changed.
 * @throws UserError naming every host that cannot be reached, or cannot become a worker
 */
export async function planSshHosts(
  hosts: readonly SshHost[],
  answers: Answers,
  { planner, state }: { readonly planner: Planner; readonly state: DeploymentState },
): Promise<Plan> {
  const { sent, hasSecrets, warnings } = await filesFor(answers, planner);
  const installer = sent.filter(({ name }) => name === 'install.sh');
  const names = await checkAll(hosts, await installerScript(installer, 'check'), planner);
  if (hasSecrets) {
    state.expected += hosts.length;
    const given = answersFor(systemd, answers);
    state.groups.push({
      hosts: hosts.map(({ name }) => ({ name, tag: hostTag(names.get(name), given) })),
      ask: (wanted, signal) =>
        askSome(
          hosts.filter(({ name }) => wanted.includes(name)),
          signal,
        ),
    });
  }
  const script = await installerScript(sent);
  const done: string[] = [];
  const changes = hosts.map((host) =>
    planner.action({
      title: `Install the worker on ${host.name} over SSH`,
      status: 'change',
      async run(signal, report) {
        const { exitCode, lines } = await runAsRoot(host, script, {
          signal,
          onLine: (line) => report(`${host.name}: ${line.replace(/^install: /, '')}`),
        });
        if (exitCode !== 0) throw await failed(host, lines, { done, signal });
        done.push(host.name);
        const isStarted = lines.includes('install: started the service');
        if (isStarted) state.started++;
        const isUnchanged = !isStarted && !lines.some((line) => /^install: (?:wrote|created) /.test(line));
        return { notes: [`${host.name}: ${isUnchanged ? 'nothing changed' : 'installed'}`] };
      },
    }),
  );
  const without = hasSecrets ? [] : ['No pool token yet: the service is installed but not started'];
  return { changes, warnings: [...warnings, ...without], facts: { hosts: hosts.map(({ name }) => name) } };
}

/**
 * Checks that all hosts can become workers.
 * @returns the name that each has for itself, by that of the user
 */
async function checkAll(
  hosts: readonly SshHost[],
  script: string,
  { signal, report }: Planner,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  const problems: UserError[] = [];
  await Promise.all(
    hosts.map(async (host) => {
      try {
        const { exitCode, hostName, lines } = await runAsRoot(host, script, { signal, onLine: () => {} });
        const reason = lines.at(-1)?.replace(/^install: /, '') ?? `exit code ${exitCode}`;
        if (hostName !== undefined) names.set(host.name, hostName);
        if (exitCode !== 0) problems.push(cannotBecomeWorker(`${host.name}: ${reason}`));
        else report(`${host.name} can become a worker`);
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
        problems.push(error);
      }
    }),
  );
  const [first] = problems;
  if (!first) return names;
  if (problems.length === 1) throw first;
  throw new UserError(
    first.code,
    `${counted(problems.length, 'host')}: ${problems.map(({ message }) => message).join('; ')}`,
    {
      suggestions: [...new Set(problems.flatMap(({ suggestions }) => suggestions))],
      cause: first,
    },
  );
}

function cannotBecomeWorker(message: string): UserError {
  return new UserError('SPACECTL_PROGRAM_FAILED', message, {
    suggestions: ['Prepare the host, then run the command again'],
  });
}

async function askHost(host: SshHost, signal: AbortSignal) {
  const { lines } = await runAsRoot(host, ASK_HOST, { signal, onLine: () => {} });
  return readHostReport(lines);
}

/** Creates the error for a host whose installer failed: what its own check found, and what the installer said. */
async function failed(
  host: SshHost,
  lines: readonly string[],
  { done, signal }: { readonly done: readonly string[]; readonly signal: AbortSignal },
): Promise<UserError> {
  const report = await askHost(host, signal).catch(() => undefined);
  const log = lines.slice(-4).join('; ').replaceAll('install: ', '') || 'none';
  const words = [...(report?.faults ?? []), `last lines of the installer: ${log}`].join('; ');
  const before = done.length > 0 ? `. Installed before it: ${listed(done)}` : '';
  const code = report?.isWorker === false ? 'SPACECTL_CHECK_FAILED' : 'SPACECTL_PROGRAM_FAILED';
  return new UserError(code, `${host.name} is not a worker: ${words}${before}`, {
    suggestions: [
      { command: sshCommand(host, 'journalctl -u spacelift-launcher') },
      'Run the same command again to continue',
    ],
  });
}

/** What a host says about itself; `undefined` if it cannot be reached, or not as root. */
export interface HostState {
  readonly host: string;
  readonly report: HostReport | undefined;
  /** Why it was not asked. */
  readonly reason?: string;
}

/**
 * Asks hosts what their own checks find, all at once. Changes nothing.
 * @param timeout milliseconds for each host
 * @throws UserError `SPACECTL_INTERRUPTED`
 */
export async function hostReports(
  hosts: readonly SshHost[],
  signal: AbortSignal,
  timeout?: number,
): Promise<readonly HostState[]> {
  return Promise.all(
    hosts.map(async (host) => {
      try {
        return { host: host.name, report: await withDeadline(host, signal, timeout) };
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
        return { host: host.name, report: undefined, reason: error.message };
      }
    }),
  );
}

async function withDeadline(host: SshHost, signal: AbortSignal, timeout: number | undefined): Promise<HostReport> {
  if (timeout === undefined) return askHost(host, signal);
  const controller = new AbortController();
  const late = new UserError('SPACECTL_UNREACHABLE', `${host.name}: no answer within ${timeout / 1000} seconds`);
  const timer = setTimeout(() => controller.abort(late), timeout);
  try {
    return await askHost(host, AbortSignal.any([signal, controller.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Asks hosts. Why one does not answer is its fault. */
async function askSome(hosts: readonly SshHost[], signal: AbortSignal) {
  const states = await hostReports(hosts, signal);
  return states.map(({ host, report, reason = 'no answer' }) => {
    const fault = `cannot be asked: ${reason.replace(`${host}: `, '')}`;
    return { host, ...(report ?? { isWorker: undefined, faults: [fault], time: undefined }) };
  });
}
