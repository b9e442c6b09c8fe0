import type { Token } from '../pki/index.ts';

/** The kinds of machine there is a launcher for, by the names of `uname -m`. */
export const ARCHITECTURES = ['x86_64', 'aarch64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

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
