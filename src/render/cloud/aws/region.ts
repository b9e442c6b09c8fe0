import { AWS_REGIONS } from '../../../cloud-accounts/index.ts';
import { warningAbout } from '../../../step/look-up.ts';

const ALL = { choices: Object.keys(AWS_REGIONS).map((value) => ({ value })), owner: 'AWS' };

/** Warns of a region that AWS does not have, as far as this release knows. New regions are accepted, so it is no error. */
export function regionWarnings(region: string | undefined): readonly string[] {
  return region === undefined ? [] : [warningAbout('region', [region], ALL) ?? []].flat();
}
