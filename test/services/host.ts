import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { createNetwork, NETWORK_NEEDS, type Network } from './network.ts';
import { temporaryFolder } from './temporary.ts';

/** A whole Debian host of one test: systemd, Docker and cloud-init on a copy of a tree, in a network of its own. */
export interface Host {
  /** Its root folder, as seen from here: for putting files there before it boots, and reading them after. */
  readonly root: string;
  readonly network: Network;
  /** Starts a program of this machine in the host's network, where it serves on loopback; it ends with the test. */
  serve(program: string, args: readonly string[]): void;
  /** Runs a program of this machine in the host's network to its end; throws where it fails. */
  runInNetwork(program: string, ...args: readonly string[]): Promise<string>;
  /** Gives cloud-init its user data. Another instance makes the next boot a first one. */
  seed(userData: string | Uint8Array, instance?: string): Promise<void>;
  /** Boots it, and returns once everything that starts at boot has started or failed. */
  boot(): Promise<BootedHost>;
}

/** How a program on the host ended; `all` is what it said on both channels. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly all: string;
}

export interface BootedHost {
  /** `running`, or `degraded` where a unit failed: what `systemctl is-system-running` says. */
  readonly state: string;
  /** Runs a program on the host as root, whatever its exit code. */
  run(program: string, ...args: readonly string[]): Promise<Ran>;
  /** What goes before a command of this machine to run it on the host, for programs that start others themselves. */
  readonly enter: readonly string[];
  /** Powers it off in order. */
  powerOff(): Promise<void>;
}

/** What a test needs for `createHost`, for `testWith`. */
export const HOST_NEEDS = [...NETWORK_NEEDS, 'systemd-nspawn', 'debootstrap', 'nsenter'] as const;

/** The file that keeps cloud-init from starting at boot (cloud-init's documentation, "How to disable cloud-init"). */
const CLOUD_INIT_IS_OFF = 'etc/cloud/cloud-init.disabled';

/** What a host is made of. */
export interface HostOptions {
  /** Names that lead to its loopback, where `serve` puts servers. */
  readonly names?: readonly string[];
  readonly suite?: 'bookworm' | 'trixie' | 'sid';
  /** Whether Docker and the other programs that the service needs are there, or only in a package source. */
  readonly kind?: 'ready' | 'bare';
  /** A layer on top of the tree, which `overlayfs` takes from this directory. */
  readonly layer?: string;
  /** Where the names lead, if not to its loopback. */
  readonly address?: string;
}

/**
 * Makes a host that is not booted yet. Everything of it goes away with the test. Needs root, and on the first use of a
 * suite about a minute.
 */
export async function createHost({
  names = [],
  suite = 'bookworm',
  kind = 'ready',
  layer,
  address = '127.0.0.1',
}: HostOptions = {}): Promise<Host> {
  const build = [path.resolve('test/services/host-tree.sh'), suite, kind];
  const tree = (await execa('sh', build, { stderr: 'ignore' })).stdout;
  const folder = await temporaryFolder();
  const root = path.join(folder, 'root');
  for (const name of ['root', 'upper', 'work']) await mkdir(path.join(folder, name));
  const lower = layer === undefined ? tree : `${layer}:${tree}`;
  const layers = `lowerdir=${lower},upperdir=${folder}/upper,workdir=${folder}/work`;
  await execa('mount', ['-t', 'overlay', 'overlay', '-o', layers, root]);
  onTestFinished(async () => void (await execa('umount', ['--lazy', root])));
  const network = await createNetwork();
  const [ip = '', ...inside] = network.enter;
  // A network starts with what this machine has set, and a container of systemd's cannot change it: Docker needs it.
  await execa(ip, [...inside, 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);
  await writeFile(path.join(root, 'etc/hosts'), `127.0.0.1 localhost worker\n${address} ${names.join(' ')}\n`);
  await writeFile(path.join(root, 'etc/hostname'), 'worker\n');
  await lighten(root);
  return {
    root,
    network,
    serve(program, args) {
      const child = spawn(ip, [...inside, program, ...args], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      onTestFinished(async () => {
        child.kill('SIGKILL');
        await ended;
      });
    },
    async runInNetwork(program, ...args) {
      return (await execa(ip, [...inside, program, ...args])).stdout;
    },
    async seed(userData, instance = 'first') {
      await rm(path.join(root, CLOUD_INIT_IS_OFF), { force: true });
      const seed = path.join(root, 'var/lib/cloud/seed/nocloud');
      await mkdir(seed, { recursive: true });
      await writeFile(path.join(seed, 'meta-data'), `instance-id: ${instance}\nlocal-hostname: worker\n`);
      await writeFile(path.join(seed, 'user-data'), userData);
    },
    boot: () => boot(root, network.name, suite),
  };
}

/** Leaves out what takes most of the time and nothing here is about. */
async function lighten(root: string): Promise<void> {
  // Seconds of each boot, for nothing where it has no data.
  await writeFile(path.join(root, CLOUD_INIT_IS_OFF), '');
  // They look for disks and terminals, at each boot and whenever systemd reads its units anew.
  const masks = path.join(root, 'etc/systemd/system-generators');
  await mkdir(masks, { recursive: true });
  for (const name of await readdir(path.join(root, 'lib/systemd/system-generators'))) {
    if (name.startsWith('systemd-')) await symlink('/dev/null', path.join(masks, name));
  }
  // update-ca-certificates(8) starts four programs for each certificate: ten do as well as all 140.
  const chosen = path.join(root, 'etc/ca-certificates.conf');
  const lines = (await readFile(chosen, 'utf8')).split('\n').filter((line) => line.startsWith('mozilla/'));
  await writeFile(chosen, `${lines.slice(0, 10).join('\n')}\n`);
}

/** Where control groups are mounted: version 1 with a tree of version 2 beside it, or version 2. */
const CONTROL_GROUPS = '/sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup';

/**
 * Starts a program in a control group of the given name. With `--keep-unit`, hosts in the same one also share the groups of
 * their services, and the systemd of one fails to stop a service that runs on another, too ("Failed to kill control group").
 */
const OWN_CONTROL_GROUP = `for tree in ${CONTROL_GROUPS}; do
  [ -e "$tree/cgroup.procs" ] || continue
  mkdir -p "$tree/$1"
  echo $$ >"$tree/$1/cgroup.procs"
done
shift
exec "$@"`;

const REMOVE_CONTROL_GROUP = `for tree in ${CONTROL_GROUPS}; do find "$tree/$1" -depth -type d -exec rmdir {} ';'; done`;

async function boot(root: string, network: string, suite: HostOptions['suite']): Promise<BootedHost> {
  const apart = ['--register=no', '--keep-unit', `--network-namespace-path=/run/netns/${network}`];
  const rights = ['--capability=all', '--system-call-filter=@keyring bpf @privileged'];
  // From 258 on, systemd needs version 2 of control groups (its NEWS); Docker has more of version 1, where there is both.
  const env = suite === 'sid' ? { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' } : process.env;
  const nspawn = ['systemd-nspawn', '-q', '-b', '-D', root, ...apart, ...rights];
  const container = spawn('sh', ['-ec', OWN_CONTROL_GROUP, 'sh', network, ...nspawn], { stdio: 'ignore', env });
  const ended = new Promise<void>((resolve) => container.once('exit', () => resolve()));
  const leader = leaderOf(container);
  onTestFinished(async () => {
    // Its process 1 first: with it goes everything on the host, and nspawn itself follows.
    if (container.exitCode === null) process.kill(Number(await leader), 'SIGKILL');
    await ended;
    await execa('sh', ['-c', REMOVE_CONTROL_GROUP, 'sh', network], { reject: false, stdio: 'ignore' });
  });
  const pid = await leader;
  const inside = ['--target', pid, '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root', '--wd'];
  const run = async (program: string, ...args: readonly string[]): Promise<Ran> => {
    const { exitCode, stdout, all } = await execa('nsenter', [...inside, program, ...args], {
      reject: false,
      all: true,
      extendEnv: false,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' },
    });
    return { exitCode, stdout, all };
  };
  const state = await settled(run);
  const powerOff = async () => {
    await run('systemctl', 'poweroff');
    const late = setTimeout(() => process.kill(Number(pid), 'SIGKILL'), 90_000);
    await ended;
    clearTimeout(late);
  };
  return { state, run, enter: ['nsenter', ...inside], powerOff };
}

/** The host's own process 1, as this machine numbers it. */
async function leaderOf(container: ChildProcess): Promise<string> {
  const children = `/proc/${container.pid}/task/${container.pid}/children`;
  for (;;) {
    const [pid] = (await readFile(children, 'utf8')).trim().split(' ');
    const command = pid && (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''));
    if (pid && command === 'systemd\n') return pid;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function settled(run: BootedHost['run']): Promise<string> {
  for (;;) {
    const { stdout } = await run('systemctl', 'is-system-running', '--wait');
    if (/^(?:running|degraded|maintenance|stopping)$/.test(stdout)) return stdout;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
