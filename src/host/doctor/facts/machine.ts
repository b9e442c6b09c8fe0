import type { HostReader, Space } from '../reader.ts';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';

/** Directories whose file systems must not fill up, and bytes that must be free in each. */
const GIGABYTE = 1024 ** 3;
const MEGABYTE = 1024 ** 2;
export const NEEDED_SPACE: Readonly<Record<string, number>> = {
  '/var/lib/docker': 2 * GIGABYTE,
  '/opt/spacelift': 2 * GIGABYTE,
  '/': 2 * GIGABYTE,
  '/usr/local/bin': 200 * MEGABYTE,
  '/var/log': 20 * MEGABYTE,
  '/var/lib/spacelift-launcher': 1 * MEGABYTE,
  '/etc/spacelift': 5 * MEGABYTE,
  '/tmp': 20 * MEGABYTE,
  '/run': 2 * MEGABYTE,
};

/** A file system, and the directories on it that must not fill up. */
export interface FileSystem extends Space {
  readonly directories: readonly string[];
  /** Bytes. */
  readonly needed: number;
}

/** A line of /proc/mounts. */
export interface MountPoint {
  readonly path: string;
  readonly options: readonly string[];
}

/** What the machine has. */
export interface Machine {
  /** Bytes. */
  readonly memory: number;
  readonly processors: number;
  /** Its version; `undefined` if systemd is not installed, `Number.NaN` if it does not say. */
  readonly systemd: number | undefined;
  readonly fileSystems: readonly FileSystem[];
  readonly mounts: readonly MountPoint[];
  /** Whether the kernel forwards packets, which containers need; `undefined` if it does not say. */
  readonly forwards: boolean | undefined;
  readonly isRoot: boolean;
}

/** Reads the machine's size, file systems and kernel settings. */
export async function gatherMachine({ reader, installation }: Context): Promise<Machine> {
  const version = await reader.run('systemctl', ['--version']).catch(() => undefined);
  const forwarding = await readText(reader, '/proc/sys/net/ipv4/ip_forward');
  return {
    memory: reader.memory,
    processors: reader.processors,
    systemd: version && Number(/^systemd (\d+)/.exec(version.stdout.toString('utf8'))?.[1]),
    fileSystems: await fileSystemsOf(reader, installation.settings['DOCKER_HOST'] !== undefined),
    mounts: mountsIn((await readText(reader, '/proc/self/mounts')) ?? ''),
    forwards: forwarding === undefined ? undefined : forwarding.trim() !== '0',
    isRoot: reader.isRoot,
  };
}

/** Groups the directories by their file system: a full one is one problem. */
async function fileSystemsOf(reader: HostReader, isOtherEngine: boolean): Promise<readonly FileSystem[]> {
  const found = new Map<number, FileSystem>();
  for (const [directory, needed] of Object.entries(NEEDED_SPACE)) {
    if (isOtherEngine && directory === '/var/lib/docker') continue;
    const space = await reader.space(directory);
    if (!space) continue;
    const known = found.get(space.device);
    found.set(space.device, {
      ...space,
      directories: [...(known?.directories ?? []), directory],
      needed: Math.max(needed, known?.needed ?? 0),
    });
  }
  return [...found.values()];
}

function mountsIn(text: string): readonly MountPoint[] {
  return text.split('\n').flatMap((line) => {
    const [, path, , options] = line.split(' ');
    // Octal escapes (proc(5), /proc/pid/mounts).
    const unescaped = path?.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
    return unescaped && options ? [{ path: unescaped, options: options.split(',') }] : [];
  });
}

/** Returns the options of the file system that holds a path. */
export function mountOptionsOf(path: string, mounts: readonly MountPoint[]): readonly string[] {
  const holds = (point: string) => point === '/' || path === point || path.startsWith(`${point}/`);
  const all = mounts.filter((mount) => holds(mount.path));
  // The longest; of several mounts on one path, the last.
  return (
    all.reduce<MountPoint | undefined>(
      (best, each) => (best && best.path.length > each.path.length ? best : each),
      undefined,
    )?.options ?? []
  );
}
