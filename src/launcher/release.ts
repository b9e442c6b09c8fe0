import { withoutTrailing } from '../core/text.ts';
import type { Environment } from '../pki/index.ts';

/** The architectures with a launcher, as `uname -m` names them; the launcher's files have these names. */
export type Architecture = 'x86_64' | 'aarch64';

/** The same architectures, as clouds name them. */
export type WorkerArchitecture = 'x86_64' | 'arm64';

/** Returns an architecture by the name that `uname -m` gives it. */
export function machineOf(architecture: WorkerArchitecture): Architecture {
  return architecture === 'arm64' ? 'aarch64' : 'x86_64';
}

/** Identifies a launcher. */
export interface Release {
  readonly arch: Architecture;
  readonly environment: Environment;
  /** The download host is `downloads.DOMAIN`. */
  readonly domain: string;
}

/** Returns the default domain of an environment. */
export function domainOf(environment: Environment): string {
  return environment === 'us' ? 'us.spacelift.io' : 'spacelift.io';
}

/** Returns the launcher's file name on the download host. */
export function launcherName({ arch, environment }: Pick<Release, 'arch' | 'environment'>): string {
  return `spacelift-launcher${environment === 'fedramp' ? '-fedramp' : ''}-${arch}`;
}

/** Returns the names of the launcher, its checksums and their signature on the download host. */
export function filesOf(release: Release): {
  readonly launcher: string;
  readonly sums: string;
  readonly signature: string;
} {
  const launcher = launcherName(release);
  return { launcher, sums: `${launcher}_SHA256SUMS`, signature: `${launcher}_SHA256SUMS.sig` };
}

/** Returns the base URL of the files, at Spacelift or a mirror, without a slash at the end. */
export function downloadBase({ domain }: Release, mirror: string | undefined): string {
  return withoutTrailing(mirror ?? `https://downloads.${domain}`, '/');
}
