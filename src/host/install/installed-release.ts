import { readFileIfExists } from '../../files/read.ts';
import { domainOf, type Environment } from '../../launcher/index.ts';

/** The script that updates the launcher at every start of the service. */
export const UPDATER = '/usr/local/sbin/spacelift-update-launcher';

/** Which launcher a host was installed with: Spacelift's newest, or a pinned one. */
export type InstalledRelease =
  | {
      readonly environment: Environment;
      /** Set if it is not the environment's own domain. */
      readonly domain: string | undefined;
    }
  | {
      readonly sha256: string;
      /** Unknown if the launcher is copied to the host by other means. */
      readonly from: string | undefined;
    };

/** Reads the release from the installed script, since the secrets may not be readable. Returns `undefined` without one. */
export async function installedRelease(file = UPDATER): Promise<InstalledRelease | undefined> {
  return parseRelease((await readFileIfExists(file))?.toString('utf8') ?? '');
}

/** Reads the release from the text of the installed script. */
export function parseRelease(text: string): InstalledRelease | undefined {
  const given = (name: string) => new RegExp(`^${name}='([^']*)'$`, 'm').exec(text)?.[1];
  const [domain, variant, sha256, from] = ['domain', 'variant', 'digest', 'source'].map(given);
  if (sha256) return { sha256, from: from || undefined };
  if (!domain || variant === undefined) return undefined;
  const region = domain === domainOf('us') ? 'us' : 'standard';
  const environment = variant === '-fedramp' ? 'fedramp' : region;
  return { environment, domain: domain === domainOf(environment) ? undefined : domain };
}
