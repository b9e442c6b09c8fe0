import { SERVICE } from '../../install/install-record.ts';
import { type Entry, type HostReader, isReportable, type Ran, type Variables } from '../reader.ts';
import type { Context } from './context.ts';
import { variablesIn } from './process.ts';
import { readText } from './read-text.ts';
import { valuesOf } from './units.ts';

/** Docker's configuration file. */
export const DAEMON_FILE = '/etc/docker/daemon.json';

/** The container engine that the launcher uses. */
export interface Engine {
  readonly kind: 'docker' | 'rootless' | 'podman';
  /** Path of its socket; `undefined` if the launcher connects by TCP. */
  readonly socket: string | undefined;
  readonly socketEntry: Entry | undefined;
  /** Whether the user `spacelift` can write to it, tried as that user; `undefined` if it cannot be tried. */
  readonly isWritable: boolean | undefined;
  /** The program that talks to it; `undefined` if none is installed. */
  readonly client: 'docker' | 'podman' | undefined;
  readonly info: EngineInfo | undefined;
  /** Why there is no `info`. */
  readonly problem: string | undefined;
  /** Whether this user may not ask it. */
  readonly isDenied: boolean;
  readonly networks: readonly string[] | undefined;
  /** Environment of the running Docker daemon. */
  readonly daemonEnvironment: Variables | undefined;
  /** Content of Docker's configuration file. */
  readonly daemonFile: string | undefined;
}

/** What the engine says about itself. */
export interface EngineInfo {
  readonly version: string;
  readonly cgroupVersion: string;
  readonly cgroupDriver: string;
  readonly storage: string;
  readonly platform: string;
  readonly runtimes: readonly string[];
}

const DOCKER_INFO =
  '{{.ServerVersion}}|{{.CgroupVersion}}|{{.CgroupDriver}}|{{.Driver}}|{{.OSType}}/{{.Architecture}}|{{range $name, $_ := .Runtimes}}{{$name}} {{end}}';
const PODMAN_INFO =
  '{{.Version.Version}}|{{.Host.CgroupsVersion}}|{{.Host.CgroupManager}}|{{.Store.GraphDriverName}}|{{.Host.OS}}/{{.Host.Arch}}|{{.Host.OCIRuntime.Name}}';

/** Where the launcher finds its engine. */
export interface EngineAddress {
  /** A URL, `unix:///PATH` for a socket. */
  readonly host: string;
  readonly kind: Engine['kind'];
}

/** Returns the engine in the launcher's settings, or the one of the unit if only root can read those. */
export function engineAddress({ reader, installation, units }: Omit<Context, 'values'>): EngineAddress {
  const given = installation.settings['DOCKER_HOST'] ?? reader.environment['DOCKER_HOST'] ?? usualAddress(units);
  const host = given.startsWith('/') ? `unix://${given}` : given;
  return { host, kind: /podman/.test(host) ? 'podman' : host.includes('/run/user/') ? 'rootless' : 'docker' };
}

function usualAddress(units: Context['units']): string {
  const needed = valuesOf(units.get(SERVICE), 'After').join(' ');
  if (needed.includes('spacelift-podman')) return 'unix:///run/spacelift-podman.sock';
  return needed.includes('user@1983') ? 'unix:///run/user/1983/docker.sock' : 'unix:///var/run/docker.sock';
}

/** Reads the engine and tries its socket. */
export async function gatherEngine({ reader, installation, units }: Context): Promise<Engine> {
  const address = engineAddress({ reader, installation, units });
  const { host, kind } = address;
  const socket = host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
  const ask = engineRunner(reader, address);
  const client = await ask.client();
  const { info, problem } = await infoOf(ask, client);
  const networks = info && (await ask.run(['network', 'ls', '--format', '{{.Name}}']).catch(() => undefined));
  const pid = units.get('docker.service')?.pid;
  const environ = kind === 'docker' && pid !== undefined ? await readText(reader, `/proc/${pid}/environ`) : undefined;
  return {
    kind,
    socket,
    socketEntry: socket === undefined ? undefined : await reader.entry(socket),
    isWritable: socket === undefined ? undefined : await isWritable(socket, reader),
    client,
    info,
    problem,
    isDenied: !reader.isRoot && /permission denied/i.test(problem ?? ''),
    networks: networks?.exitCode === 0 ? networks.stdout.toString('utf8').trim().split('\n') : undefined,
    daemonEnvironment: environ === undefined ? undefined : variablesIn(environ),
    daemonFile: kind === 'docker' ? await readText(reader, DAEMON_FILE) : undefined,
  };
}

/** Runs commands of the engine that the launcher uses. */
export interface EngineRunner {
  client(): Promise<Engine['client']>;
  /** @returns `undefined` if neither docker nor podman is installed @throws UserError if it does not end in time */
  run(args: readonly string[]): Promise<Ran | undefined>;
}

/** Creates a runner with Docker's client or, without it, Podman's. Both are told which engine to use. */
export function engineRunner(reader: HostReader, { host, kind }: EngineAddress): EngineRunner {
  const docker = (args: readonly string[]) => reader.run('docker', args, { DOCKER_HOST: host });
  const podman = (args: readonly string[]) => reader.run('podman', ['--url', host, ...args]);
  const isInstalled = async (program: string) =>
    (await reader.run(program, ['--version']).catch(() => undefined)) !== undefined;
  const find = async () => {
    if (kind === 'podman' && (await isInstalled('podman'))) return 'podman';
    if (await isInstalled('docker')) return 'docker';
    return (await isInstalled('podman')) ? 'podman' : undefined;
  };
  let found: Promise<Engine['client']> | undefined;
  const client = () => {
    found ??= find();
    return found;
  };
  return {
    client,
    async run(args) {
      const name = await client();
      return name === 'podman' ? podman(args) : name === 'docker' ? docker(args) : undefined;
    },
  };
}

async function infoOf({ run }: EngineRunner, client: Engine['client']): Promise<Pick<Engine, 'info' | 'problem'>> {
  try {
    const ran = await run(['info', '--format', client === 'podman' ? PODMAN_INFO : DOCKER_INFO]);
    if (!ran) return { info: undefined, problem: undefined };
    const [version = '', cgroupVersion = '', cgroupDriver = '', storage = '', platform = '', runtimes = ''] = ran.stdout
      .toString('utf8')
      .trim()
      .split('|');
    if (ran.exitCode !== 0 || version === '')
      return { info: undefined, problem: ran.stderr.split('\n')[0] || 'no response' };
    const info = { version, cgroupVersion: cgroupVersion.replace(/^v/, ''), cgroupDriver, storage, platform };
    return { info: { ...info, runtimes: runtimes.split(' ').filter(Boolean) }, problem: undefined };
  } catch (error) {
    if (!isReportable(error)) throw error;
    return { info: undefined, problem: error.message };
  }
}

/** Tries to write as the user: access lists and groups of a directory service count too. */
async function isWritable(socket: string, reader: HostReader): Promise<boolean | undefined> {
  if (!reader.isRoot) return undefined;
  const ran = await reader.run('runuser', ['-u', 'spacelift', '--', 'test', '-w', socket]).catch(() => undefined);
  return ran && ran.exitCode === 0;
}
