import { UserError } from '../core/errors.ts';
import { counted, listed } from '../core/text.ts';
import { renderHost, systemd } from '../render/index.ts';
import { answersFor } from '../step/conversation.ts';
import type { Answers } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import type { Crew } from './crew.ts';
import { ASK_HOST, installerScript, type SentFile } from './installer-script.ts';
import { runAsRoot, type SshHost, sshCommand } from './ssh.ts';
import { readVerdict, type Verdict } from './verdict.ts';

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
  { planner, crew }: { readonly planner: Planner; readonly crew: Crew },
): Promise<Plan> {
  const { sent, hasSecrets, warnings } = await filesFor(answers, planner);
  const installer = sent.filter(({ name }) => name === 'install.sh');
  await checkAll(hosts, await installerScript(installer, 'check'), planner);
  if (hasSecrets) crew.expected += hosts.length;
  for (const host of hosts)
    crew.inquiries.push(async () => [{ host: host.name, ...(await askHost(host, planner.signal)) }]);
  const script = await installerScript(sent);
  const done: string[] = [];
  const changes = hosts.map((host) =>
    planner.action({
      title: `Install the worker on ${host.name} over SSH`,
      status: 'change',
      async run(signal, report) {
        const { exitCode, lines } = await runAsRoot(host, script, {
          signal,
          tell: (line) => report(`${host.name}: ${line.replace(/^install: /, '')}`),
        });
        if (exitCode !== 0) throw await failed(host, lines, { done, signal });
        done.push(host.name);
        const isStarted = lines.includes('install: started the service');
        if (isStarted) crew.started++;
        const isUnchanged = !isStarted && !lines.some((line) => /^install: (?:wrote|created) /.test(line));
        return { notes: [`${host.name}: ${isUnchanged ? 'nothing changed' : 'installed'}`] };
      },
    }),
  );
  const without = hasSecrets ? [] : ['No pool token yet: the service is installed but not started'];
  return { changes, warnings: [...warnings, ...without], facts: { hosts: hosts.map(({ name }) => name) } };
}

async function checkAll(hosts: readonly SshHost[], script: string, { signal, report }: Planner): Promise<void> {
  const problems: UserError[] = [];
  await Promise.all(
    hosts.map(async (host) => {
      try {
        const { exitCode, lines } = await runAsRoot(host, script, { signal, tell: () => {} });
        const reason = lines.at(-1)?.replace(/^install: /, '') ?? `exit code ${exitCode}`;
        if (exitCode !== 0) problems.push(cannotBecomeWorker(`${host.name}: ${reason}`));
        else report(`${host.name} can become a worker`);
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
        problems.push(error);
      }
    }),
  );
  const [first] = problems;
  if (!first) return;
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
  const { lines } = await runAsRoot(host, ASK_HOST, { signal, tell: () => {} });
  return readVerdict(lines);
}

/** Creates the error for a host whose installer failed: what its own check found, and what the installer said. */
async function failed(
  host: SshHost,
  lines: readonly string[],
  { done, signal }: { readonly done: readonly string[]; readonly signal: AbortSignal },
): Promise<UserError> {
  const verdict = await askHost(host, signal).catch(() => undefined);
  const log = lines.slice(-4).join('; ').replaceAll('install: ', '') || 'none';
  const words = [...(verdict?.faults ?? []), `last lines of the installer: ${log}`].join('; ');
  const before = done.length > 0 ? `. Installed before it: ${listed(done)}` : '';
  const code = verdict?.isWorker === false ? 'SPACECTL_CHECK_FAILED' : 'SPACECTL_PROGRAM_FAILED';
  return new UserError(code, `${host.name} is not a worker: ${words}${before}`, {
    suggestions: [sshCommand(host, 'journalctl -u spacelift-launcher'), 'Run the same command again to go on'],
  });
}

/** What a host says about itself; `undefined` if it cannot be reached, or not as root. */
export interface HostState {
  readonly host: string;
  readonly verdict: Verdict | undefined;
  /** Why it was not asked. */
  readonly reason?: string;
}

/** Asks hosts what their own checks find. Changes nothing. @throws UserError `SPACECTL_INTERRUPTED` */
export async function hostVerdicts(hosts: readonly SshHost[], signal: AbortSignal): Promise<readonly HostState[]> {
  return Promise.all(
    hosts.map(async (host) => {
      try {
        return { host: host.name, verdict: await askHost(host, signal) };
      } catch (error) {
        if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
        return { host: host.name, verdict: undefined, reason: error.message };
      }
    }),
  );
}
