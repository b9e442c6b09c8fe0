import { LAUNCHER, LAUNCHER_STATE, RECORD_FILE, SERVICE } from '../../install/install-record.ts';
import { UPDATER } from '../../install/installed-release.ts';
import type { Entry, HostReader } from '../reader.ts';
import type { Context } from './context.ts';

/** The paths that the doctor looks at, with what is there. */
export interface Paths {
  readonly entries: ReadonlyMap<string, Entry | undefined>;
  /** Programs, scripts and units that root executes or reads, with the directories that hold them. */
  readonly trusted: readonly string[];
  /** What killed runs left behind. */
  readonly leftovers: readonly string[];
}

const SCRIPTS = '/usr/local/sbin';
const UNITS = '/etc/systemd/system';

/** Where scripts keep temporary files, also those of earlier releases, and how their names begin. */
const TEMPORARY: readonly { readonly directory: string; readonly prefix: string }[] = [
  { directory: '/usr/local/bin', prefix: '.spacelift-launcher.' },
  { directory: '/etc/spacelift', prefix: '.ca-bundle.' },
  { directory: '/var/lib/spacelift', prefix: '.ca-bundle.' },
  { directory: '/run/spacelift', prefix: '.secrets.' },
  { directory: '/run/spacelift', prefix: 'update-' },
  { directory: '/run', prefix: 'spacectl-install.' },
];

/** How old a temporary file is when no script uses it any more: the start of the service is limited to 30 minutes. */
const OLD_MS = 60 * 60 * 1000;

const LOOKED_AT = [
  '/opt/spacelift',
  '/var/log/spacelift',
  '/tmp',
  '/etc/spacelift',
  '/run/spacelift',
  '/usr/local/bin',
  LAUNCHER,
  LAUNCHER_STATE,
  '/etc/spacelift/custom-ca.crt',
  '/etc/spacelift/docker/config.json',
  '/etc/spacelift/docker',
  '/etc/spacelift/api.env',
  '/etc/spacelift/secrets.env',
  '/etc/spacelift/secrets.env.cred',
  '/var/log/spacelift/info.log',
  '/var/log/spacelift/error.log',
  '/etc/logrotate.d/spacelift',
  '/etc/spacelift/launcher.env',
];

/** Looks at the files and directories of an installation. */
export async function gatherPaths({ reader, installation, units }: Context): Promise<Paths> {
  const scripts = (await reader.list(SCRIPTS)).filter((name) => name.startsWith('spacelift-')).sort();
  const unitFiles = units.get(SERVICE)?.files.map(({ path }) => path) ?? [];
  const recorded = installation.record?.files.filter(({ isSecret }) => !isSecret).map(({ path }) => path) ?? [];
  const trusted = [
    ...new Set([
      '/usr/local',
      '/usr/local/bin',
      SCRIPTS,
      UNITS,
      '/etc/spacelift',
      '/var/lib/spacectl',
      LAUNCHER_STATE,
      LAUNCHER,
      UPDATER,
      RECORD_FILE,
      ...scripts.map((name) => `${SCRIPTS}/${name}`),
      ...unitFiles,
      ...recorded.filter((file) => !file.startsWith('/opt/') && !file.startsWith('/var/log/')),
    ]),
  ];
  const wanted = [
    ...new Set([...LOOKED_AT, ...trusted, ...(installation.record?.files.map(({ path }) => path) ?? [])]),
  ];
  const found = await Promise.all(wanted.map(async (path) => [path, await reader.entry(path)] as const));
  return { entries: new Map(found), trusted, leftovers: await findLeftovers(reader) };
}

async function findLeftovers(reader: HostReader): Promise<readonly string[]> {
  const found = await Promise.all(
    TEMPORARY.map(async ({ directory, prefix }) => {
      const names = (await reader.list(directory)).filter((name) => name.startsWith(prefix));
      const paths = names.sort().map((name) => `${directory}/${name}`);
      const entries = await Promise.all(paths.map((path) => reader.entry(path)));
      return paths.filter((_, index) => reader.now.getTime() - (entries[index]?.modified.getTime() ?? 0) > OLD_MS);
    }),
  );
  return found.flat();
}
