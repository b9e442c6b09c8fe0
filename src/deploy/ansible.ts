import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { BadJson, readJson } from '../core/json.ts';
import { followProgram, runProgram } from '../programs/index.ts';
import type { Plan, Planner } from '../step/plan.ts';
import type { Crew, HostVerdict } from './crew.ts';
import { readVerdict } from './verdict.ts';

/** The group of the rendered inventory. */
const GROUP = 'spacelift_workers';

/**
 * Hosts whose keys are not known are refused, whatever a configuration says: the first value counts (ssh_config(5)), and
 * Ansible puts these options first. The others are its own defaults (ansible/ansible, lib/ansible/plugins/connection/ssh.py).
 */
const ENVIRONMENT = {
  ANSIBLE_HOST_KEY_CHECKING: 'True',
  ANSIBLE_SSH_ARGS: '-o StrictHostKeyChecking=yes -o BatchMode=yes -C -o ControlMaster=auto -o ControlPersist=60s',
  ANSIBLE_NOCOLOR: '1',
};

const inventory = v.looseObject({
  [GROUP]: v.optional(v.looseObject({ hosts: v.optional(v.array(v.string()), []) })),
});

/** What Ansible is run with. */
interface Ansible {
  readonly folder: string;
  /** Password of the vault, passed over standard input. */
  readonly password: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Plans to run the rendered playbook for the hosts in its inventory. Ansible connects to all hosts before the first is
 * changed.
 * @throws UserError `SPACECTL_MISSING_INPUT` without hosts; `SPACECTL_UNREACHABLE` with Ansible's error
 */
export async function planAnsible(
  dir: string,
  password: string | undefined,
  { planner, crew }: { readonly planner: Planner; readonly crew: Crew },
): Promise<Plan> {
  const ansible = { folder: path.join(dir, 'ansible'), password, signal: planner.signal };
  const hosts = await hostsOf(ansible);
  const reached = await run(
    'ansible',
    [GROUP, '--become', '-m', 'ansible.builtin.command', '-a', 'id -u', '-o'],
    ansible,
  );
  if (reached.exitCode !== 0)
    throw failed('Ansible cannot use all hosts as root', reached.lines, 'SPACECTL_UNREACHABLE');
  crew.expected += hosts.length;
  crew.inquiries.push(() => askHosts(ansible));
  const play = planner.action({
    title: `Run the playbook for ${hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`}`,
    status: 'change',
    async run(signal, report) {
      const { exitCode, lines } = await run('ansible-playbook', ['site.yml'], { ...ansible, signal }, report);
      if (exitCode === 0) return { notes: recapOf(lines) };
      const ill = (await askHosts({ ...ansible, signal }).catch(() => [])).filter(({ faults }) => faults.length > 0);
      if (ill.length === 0) throw failed('The playbook failed', lines, 'SPACECTL_PROGRAM_FAILED');
      throw failed(
        'The playbook failed',
        ill.map(({ host, faults }) => `${host}: ${faults.join('; ')}`),
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
  const hosts = readJson(inventory, stdout.toString('utf8'))[GROUP]?.hosts ?? [];
  if (hosts.length > 0 && hosts.join() !== 'worker-1.example.com') return hosts;
  const file = path.join(folder, 'inventory.yml');
  throw new UserError('SPACECTL_MISSING_INPUT', `${file} does not name any of your hosts yet`, {
    suggestions: [`Add them to ${file}, in the group ${GROUP}`],
  });
}

/** Ansible runs an executable password file, and reads the password from its output. `cat` passes on standard input. */
function vaultFlags(password: string | undefined): readonly string[] {
  return password === undefined ? [] : ['--vault-password-file', '/bin/cat'];
}

function run(program: string, args: readonly string[], ansible: Ansible, tell: (line: string) => void = () => {}) {
  const { folder, password, signal } = ansible;
  return followProgram(program, [...args, ...vaultFlags(password)], (line) => line.trim() && tell(line), {
    signal,
    folder,
    environment: ENVIRONMENT,
    ...(password !== undefined && { input: `${password}\n` }),
  });
}

/** Returns the lines of the play's summary, one for each host. */
function recapOf(lines: readonly string[]): readonly string[] {
  const start = lines.findLastIndex((line) => line.startsWith('PLAY RECAP'));
  return start < 0
    ? []
    : lines.slice(start + 1).flatMap((line) => (line.trim() ? [line.trim().replaceAll(/\s+/g, ' ')] : []));
}

/** Runs the check on each host and parses the output: `HOST | … | (stdout) JSON`, one line each. */
async function askHosts(ansible: Ansible): Promise<readonly HostVerdict[]> {
  const check = [
    GROUP,
    '--become',
    '-m',
    'ansible.builtin.command',
    '-a',
    '/usr/local/sbin/spacelift-worker-check',
    '-o',
  ];
  const { lines } = await run('ansible', check, ansible);
  return lines.flatMap((line) => {
    const [, host] = /^(\S+) \| /.exec(line) ?? [];
    const said = host === undefined ? undefined : outputIn(line);
    return host === undefined || said === undefined
      ? []
      : [{ host, faults: readVerdict([`worker-check ${said}`]).faults }];
  });
}

const result = v.looseObject({ stdout: v.string() });

/**
 * Returns what a command printed: `HOST | … | (stdout) TEXT`, or `HOST | FAILED! => JSON` where it ended with another exit
 * code than 0 (ansible/ansible, lib/ansible/plugins/callback/oneline.py; seen with 2.14).
 */
export function outputIn(line: string): string | undefined {
  const [, plain] = /\(stdout\) (.*?)(?: \(stderr\).*)?$/.exec(line) ?? [];
  if (plain !== undefined) return plain;
  const [, json] = / => (\{.*\})$/.exec(line) ?? [];
  try {
    return json === undefined ? undefined : readJson(result, json).stdout;
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}

function failed(
  what: string,
  lines: readonly string[],
  code: 'SPACECTL_UNREACHABLE' | 'SPACECTL_PROGRAM_FAILED' | 'SPACECTL_CHECK_FAILED',
): UserError {
  const said = lines.filter((line) => /fatal:|FAILED|UNREACHABLE|ERROR!/.test(line));
  const words = (said.length > 0 ? said : lines.filter(Boolean)).slice(-5).join('; ');
  return new UserError(code, `${what}: ${words}`, { suggestions: ['Run the same command again to go on'] });
}
