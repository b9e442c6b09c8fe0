import type { Context } from './context.ts';

/** Which programs are installed. */
export interface Programs {
  readonly installed: ReadonlySet<string>;
  /** The package manager, for the command that installs a missing program. */
  readonly manager: 'apt-get' | 'dnf' | undefined;
}

/** Where root's programs are; `/snap/bin` has Docker's on some hosts. */
const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', '/snap/bin'];

const PROGRAMS = [
  ...['gpg', 'sha256sum', 'awk', 'od', 'timeout', 'mktemp', 'cmp', 'curl', 'wget', 'jq', 'aws', 'ss'],
  ...['docker', 'podman', 'logrotate', 'systemd-creds', 'apt-get', 'dnf'],
];

/** Looks for the programs that the scripts of an installation run, where systemd starts them. */
export async function gatherPrograms({ reader }: Context): Promise<Programs> {
  const found = await Promise.all(
    PROGRAMS.map(async (name) => {
      const entries = await Promise.all(PATH.map((directory) => reader.entry(`${directory}/${name}`)));
      return entries.some((entry) => entry?.kind === 'file' && (entry.mode & 0o111) !== 0) ? [name] : [];
    }),
  );
  const installed = new Set(found.flat());
  const manager = installed.has('apt-get') ? 'apt-get' : installed.has('dnf') ? 'dnf' : undefined;
  return { installed, manager };
}
