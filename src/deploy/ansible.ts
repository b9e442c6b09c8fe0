import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { BadJson, readJson } from '../core/json.ts';
import { apiVariables, followProgram, runProgram } from '../programs/index.ts';
import { EXAMPLE_HOST, INVENTORY_GROUP } from '../render/index.ts';
import type { Answers } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { readHostReport } from './host-report.ts';
import { hostTag } from './host-tag.ts';
import { ASK_HOST } from './installer-script.ts';
import type { DeploymentState, NamedReport } from './state.ts';

/**
 * Hosts whose keys are not known are refused, whatever a configuration says: the first value counts (ssh_config(5)), and
 * Ansible puts these options first. The others are its own defaults (ansible/ansible, lib/ansible/plugins/connection/ssh.py).
 */
const ENVIRONMENT = {
  ANSIBLE_HOST_KEY_CHECKING: 'True',
  ANSIBLE_SSH_ARGS: '-o StrictHostKeyChecking=yes -o BatchMode=yes -C -o ControlMaster=auto -o ControlPersist=60s',
  ANSIBLE_NOCOLOR: '1',
  // Overrides ANSIBLE_NOCOLOR, and is set in many CI jobs.
  ANSIBLE_FORCE_COLOR: 'False',
};

const inventory = v.looseObject({
  [INVENTORY_GROUP]: v.optional(v.looseObject({ hosts: v.optional(v.array(v.string()), []) })),
});

/** What Ansible is run with. */
interface Ansible {
  readonly folder: string;
  /** Password of the vault, passed over standard input. */
  readonly password: string | undefined;
  readonly signal: AbortSignal;
  /** Variables for Ansible, besides those of every run. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Plans to run the rendered playbook for the hosts in its inventory. Ansible connects to all hosts before the first is
 * changed.
 * @param given the answers of the Ansible target, and the profile
 * @throws UserError `SPACECTL_BAD_ANSWERS` without hosts; `SPACECTL_UNREACHABLE` with Ansible's error
 */
export async function planAnsible(
  dir: string,
  given: Answers,
  { planner, state }: { readonly planner: Planner; readonly state: DeploymentState },
): Promise<Plan> {
  const password = typeof given['vault-password'] === 'string' ? given['vault-password'] : undefined;
  const ansible = { folder: path.join(dir, 'ansible'), password, signal: planner.signal };
  const hosts = await hostsOf(ansible);
  const reached = await run(
    'ansible',
    [INVENTORY_GROUP, '--become', '-m', 'ansible.builtin.command', '-a', 'uname -n', '-o'],
    ansible,
  );
  if (reached.exitCode !== 0)
    throw failed('Ansible cannot connect to every host as root', reached.lines, 'SPACECTL_UNREACHABLE');
  state.expected += hosts.length;
  const names = new Map(outputsIn(reached.lines));
  state.groups.push({
    hosts: hosts.map((name) => ({ name, tag: hostTag(names.get(name), given) })),
    ask: (wanted, signal) => askHosts({ ...ansible, signal }, wanted),
  });
  const play = planner.action({
    title: `Run the playbook for ${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`}`,
    status: 'change',
    async run(signal, report) {
      const own = { ...ansible, signal, environment: credentialsFor(given['profile']) };
      const { exitCode, lines } = await run('ansible-playbook', ['site.yml'], own, report);
      if (exitCode === 0) return { notes: recapOf(lines) };
      const faulty = (await askHosts({ ...ansible, signal }, hosts).catch(() => [])).filter(
        ({ faults }) => faults.length > 0,
      );
      if (faulty.length === 0) throw failed('The playbook failed', lines, 'SPACECTL_PROGRAM_FAILED');
      throw failed(
        'The playbook failed',
        faulty.map(({ host, faults }) => `${host}: ${faults.join('; ')}`),
        'SPACECTL_CHECK_FAILED',
      );
    },
  });
  return { changes: [play], facts: { hosts } };
}

async function hostsOf({ folder, password, signal }: Ansible): Promise<readonly string[]> {
  const options = password === undefined ? {} : { input: `${password}\n` };
  const { exitCode, stdout, stderr } = await runProgram('ansible-inventory', ['--list', ...vaultFlags(password)], {
    signal,
    folder,
    environment: ENVIRONMENT,
    ...options,
  });
  if (exitCode !== 0) throw failed('The inventory cannot be read', stderr.split('\n'), 'SPACECTL_PROGRAM_FAILED');
  const hosts = readJson(inventory, stdout.toString('utf8'))[INVENTORY_GROUP]?.hosts ?? [];
  if (hosts.length > 0 && hosts.join() !== EXAMPLE_HOST) return hosts;
  const file = path.join(folder, 'inventory.yml');
  throw new UserError('SPACECTL_BAD_ANSWERS', `${file} does not name any of your hosts yet`, {
    suggestions: [`Add them to ${file}, in the group ${INVENTORY_GROUP}`],
  });
}

/** Ansible runs an executable password file, and reads the password from its output. `cat` passes on standard input. */
function vaultFlags(password: string | undefined): readonly string[] {
  return password === undefined ? [] : ['--vault-password-file', '/bin/cat'];
}

function run(program: string, args: readonly string[], ansible: Ansible, onLine: (line: string) => void = () => {}) {
  const { folder, password, signal, environment = {} } = ansible;
  return followProgram(program, [...args, ...vaultFlags(password)], (line) => line.trim() && onLine(line), {
    signal,
    folder,
    environment: { ...ENVIRONMENT, ...environment },
    ...(password !== undefined && { input: `${password}\n` }),
  });
}

/** Returns variables with which the role drains workers, on this machine (templates/ansible/drain.yml). */
function credentialsFor(profile: unknown): Record<string, string> {
  return { ...apiVariables(), ...(typeof profile === 'string' && { SPACELIFT_PROFILE: profile }) };
}

/** Returns the lines of the play's summary, one for each host. */
function recapOf(lines: readonly string[]): readonly string[] {
  const start = lines.findLastIndex((line) => line.startsWith('PLAY RECAP'));
  return start < 0
    ? []
    : lines.slice(start + 1).flatMap((line) => (line.trim() ? [line.trim().replaceAll(/\s+/g, ' ')] : []));
}

/** Runs the own checks of hosts. The script is encoded because Ansible would parse its quotes, and its lines become tabs. */
async function askHosts(ansible: Ansible, hosts: readonly string[]): Promise<readonly NamedReport[]> {
  const script = `echo ${Buffer.from(ASK_HOST).toString('base64')} | base64 -d | sh | tr '\\n' '\\t'`;
  const check = [
    INVENTORY_GROUP,
    `--limit=${hosts.join()}`,
    '--become',
    '-m',
    'ansible.builtin.shell',
    '-a',
    script,
    '-o',
  ];
  const { lines } = await run('ansible', check, ansible);
  return outputsIn(lines).map(([host, output]) => ({ host, ...readHostReport(output.split('\t')) }));
}

/** Returns what a command printed on each host: `HOST | … | (stdout) TEXT`, one line each. */
function outputsIn(lines: readonly string[]): readonly (readonly [host: string, output: string])[] {
  return lines.flatMap((line) => {
    const [, host] = /^(\S+) \| /.exec(line) ?? [];
    const output = host === undefined ? undefined : outputIn(line);
    return host === undefined || output === undefined ? [] : [[host, output] as const];
  });
}

const result = v.looseObject({ stdout: v.string() });

/**
 * Returns what a command printed: `HOST | … | (stdout) TEXT`, or `HOST | FAILED! => JSON` where it ended with another exit
 * code than 0 (ansible/ansible, lib/ansible/plugins/callback/oneline.py; seen with 2.14).
 */
export function outputIn(line: string): string | undefined {
  const plain = after(line, '(stdout) ')?.split(' (stderr)', 1)[0];
  if (plain !== undefined) return plain;
  const json = after(line, ' => ');
  try {
    return json === undefined ? undefined : readJson(result, json).stdout;
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}

/** Returns what comes after the first occurrence of a text. Regular expressions take quadratic time for that. */
function after(line: string, text: string): string | undefined {
  const start = line.indexOf(text);
  return start < 0 ? undefined : line.slice(start + text.length);
}

function failed(
  what: string,
  lines: readonly string[],
  code: 'SPACECTL_UNREACHABLE' | 'SPACECTL_PROGRAM_FAILED' | 'SPACECTL_CHECK_FAILED',
): UserError {
  const errors = lines.filter((line) => /fatal:|FAILED|UNREACHABLE|ERROR!/.test(line));
  const words = (errors.length > 0 ? errors : lines.filter(Boolean)).slice(-5).join('; ');
  return new UserError(code, `${what}: ${words}`, { suggestions: ['Run the same command again to continue'] });
}
