import { readFileIfThere } from '../files/read.ts';
import { domainOf, type Environment } from '../launcher/index.ts';

/** The script that fetches the launcher at every start of the service. */
export const UPDATER = '/usr/local/sbin/spacelift-update-launcher';

/** Which launcher a host was installed for. */
export interface InstalledRelease {
  readonly environment: Environment;
  /** Where it is not the environment's own. */
  readonly domain: string | undefined;
}

/** Read from the installed script, since the secrets may be encrypted or elsewhere; `undefined` where there is none. */
export async function installedRelease(file = UPDATER): Promise<InstalledRelease | undefined> {
  const text = (await readFileIfThere(file))?.toString('utf8') ?? '';
  const [, domain] = /^domain='([^']+)'$/m.exec(text) ?? [];
  const [, variant] = /^variant='([^']*)'$/m.exec(text) ?? [];
  if (domain === undefined || variant === undefined) return undefined;
  const region = domain === domainOf('us') ? 'us' : 'standard';
  const environment = variant === '-fedramp' ? 'fedramp' : region;
  return { environment, domain: domain === domainOf(environment) ? undefined : domain };
}
