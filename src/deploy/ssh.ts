import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { type Followed, followProgram } from '../programs/index.ts';
import { HOST_NAME, IS_ROOT } from './installer-script.ts';

/** How to reach a host with OpenSSH. */
export interface SshHost {
  /** `[USER@]HOST`, `ssh://…`, or a name in its configuration. */
  readonly name: string;
  /** Its configuration, if not the user's. */
  readonly config?: string | undefined;
}

/** How to run a script. `onLine` receives each line of its output. */
export interface Running {
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/**
 * Options that override the user's ssh configuration, because the first value counts (ssh_config(5)): a host whose key is
 * not known is refused, and nothing is asked.
 */
const STRICT = ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ConnectTimeout=20', 'ServerAliveInterval=15'];

/** Works in any login shell. The script is on standard input, so that no secret of it is an argument. */
const AS_ROOT = `exec sh -c 'if [ "$(id -u)" = 0 ]; then exec sh -s; else exec sudo -n sh -s; fi'`;

/**
 * Runs a shell script as root on a host. The script prints `IS_ROOT` first.
 * @returns how the script ended, and the name that the host has for itself, if the script printed it
 * @throws UserError `SPACECTL_UNREACHABLE` with ssh's error; `SPACECTL_NOT_ALLOWED` if sudo refuses; as `followProgram`
 */
export async function runAsRoot({ name, config }: SshHost, script: string, { signal, onLine }: Running) {
  const options = [...(config === undefined ? [] : ['-F', config]), ...STRICT.flatMap((each) => ['-o', each])];
  let isRoot = false;
  const listen = (line: string) => {
    if (line === IS_ROOT) isRoot = true;
    else if (!line.startsWith(HOST_NAME)) onLine(line);
  };
  const run = await followProgram('ssh', ['-T', ...options, '--', name, AS_ROOT], listen, { signal, input: script });
  if (run.exitCode === 255) throw unreachable(name, config, run);
  if (!isRoot) throw notRoot(name, run);
  const isOwn = (line: string) => line === IS_ROOT || line.startsWith(HOST_NAME);
  const hostName = run.lines.find((line) => line.startsWith(HOST_NAME))?.slice(HOST_NAME.length);
  return { exitCode: run.exitCode, hostName, lines: run.lines.filter((line) => !isOwn(line)) };
}

/** Returns a command line that runs something on a host, for people. */
export function sshCommand({ name, config }: SshHost, command: string): string {
  return `ssh ${config === undefined ? '' : `-F ${quoteIfNeeded(config)} `}${quoteIfNeeded(name)} ${command}`;
}

/** ssh ends with 255 if it fails itself (ssh(1), EXIT STATUS). */
function unreachable(name: string, config: string | undefined, run: Followed): UserError {
  return new UserError('SPACECTL_UNREACHABLE', `${name}: ${lastLines(run) || 'the connection ended'}`, {
    suggestions: [
      { command: sshCommand({ name, config }, 'true') },
      'If the key of the host is not known yet, connect once by hand, and compare the key on the host before you accept it',
    ],
  });
}

function notRoot(name: string, run: Followed): UserError {
  const words = lastLines(run) || `the script was not run (exit code ${run.exitCode})`;
  return new UserError('SPACECTL_NOT_ALLOWED', `${name}: ${words}`, {
    suggestions: ['Connect as root, or let the account use sudo without a password'],
  });
}

/** Returns the last lines of a program's output. */
function lastLines({ lines }: Followed): string {
  return lines
    .filter((line) => line.trim() !== '' && line !== IS_ROOT)
    .slice(-3)
    .join(' ');
}
