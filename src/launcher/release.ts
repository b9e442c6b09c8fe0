import type { Token } from '../pki/index.ts';

/** The kinds of machine there is a launcher for, by the names of `uname -m`, which its files have. */
export type Architecture = 'x86_64' | 'aarch64';

/** The same by the names that clouds give them. */
export type WorkerArchitecture = 'x86_64' | 'arm64';

/** Returns the architecture by the name that the launcher's files have. */
export function machineOf(architecture: WorkerArchitecture): Architecture {
  return architecture === 'arm64' ? 'aarch64' : 'x86_64';
}

/** Spacelift's environments: the US region is another domain, FedRAMP another launcher. */
export const ENVIRONMENTS = ['standard', 'us', 'fedramp'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Which launcher is meant. */
export interface Release {
  readonly arch: Architecture;
  readonly environment: Environment;
  /** `downloads.` before it is the download host. */
  readonly domain: string;
}

/** The environment a token belongs to, by where its launcher connects. */
export function environmentOf({ isFedRamp, endpoint = '' }: Token): Environment {
  if (isFedRamp) return 'fedramp';
  return /\.us\.spacelift\.io(?=[:/]|$)/i.test(endpoint) ? 'us' : 'standard';
}

/**
 * Whether a token is certainly of an installation that Spacelift does not run: its launchers connect to an MQTT broker of
 * their own on port 1984 (docs.spacelift.io/self-hosted/v6.3.0, networking), whereas Spacelift's is AWS IoT Core, by its
 * own name or by AWS's. A token that names no host tells nothing.
 */
export function isSelfHosted({ endpoint = '' }: Token): boolean {
  const [, host = '', port] = /^(?:[a-z+]+:\/\/)?([^:/]+)(?::(\d+))?/i.exec(endpoint) ?? [];
  if (port === '1984') return true;
  return host.includes('.') && !/(?:^|\.)(?:spacelift\.(?:io|dev)|iot\.[a-z0-9-]+\.amazonaws\.com)$/i.test(host);
}

/** The domain of an environment, where no other is given. */
export function domainOf(environment: Environment): string {
  return environment === 'us' ? 'us.spacelift.io' : 'spacelift.io';
}

/** What the file is called at the download host. */
export function launcherName({ arch, environment }: Pick<Release, 'arch' | 'environment'>): string {
  return `spacelift-launcher${environment === 'fedramp' ? '-fedramp' : ''}-${arch}`;
}

/** The launcher's file and the two that vouch for it, by their names at the download host. */
export function filesOf(release: Release): {
  readonly launcher: string;
  readonly sums: string;
  readonly signature: string;
} {
  const launcher = launcherName(release);
  return { launcher, sums: `${launcher}_SHA256SUMS`, signature: `${launcher}_SHA256SUMS.sig` };
}

/** Where the files lie: Spacelift's own host, or a mirror of it. Without a slash at its end. */
export function downloadBase({ domain }: Release, mirror: string | undefined): string {
  return (mirror ?? `https://downloads.${domain}`).replace(/\/+$/, '');
}
