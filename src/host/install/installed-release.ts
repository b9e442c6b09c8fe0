import { readFileIfThere } from '../../files/read.ts';
import { domainOf, type Environment } from '../../launcher/index.ts';

/** The script that brings the launcher up to date at every start of the service. */
export const UPDATER = '/usr/local/sbin/spacelift-update-launcher';

/** Which launcher a host was installed for: Spacelift's newest, or one that is pinned. */
export type InstalledRelease =
  | {
      readonly environment: Environment;
      /** Where it is not the environment's own. */
      readonly domain: string | undefined;
    }
  | {
      readonly sha256: string;
      /** Where it is put there by other means, nobody says. */
      readonly from: string | undefined;
    };

/** Read from the installed script, since the secrets may be encrypted or elsewhere; `undefined` where there is none. */
export async function installedRelease(file = UPDATER): Promise<InstalledRelease | undefined> {
  const text = (await readFileIfThere(file))?.toString('utf8') ?? '';
  const given = (name: string) => new RegExp(`^${name}='([^']*)'$`, 'm').exec(text)?.[1];
  const [domain, variant, sha256, from] = ['domain', 'variant', 'digest', 'source'].map(given);
  if (sha256) return { sha256, from: from || undefined };
  if (!domain || variant === undefined) return undefined;
  const region = domain === domainOf('us') ? 'us' : 'standard';
  const environment = variant === '-fedramp' ? 'fedramp' : region;
  return { environment, domain: domain === domainOf(environment) ? undefined : domain };
}
