import { UserError } from '../../core/errors.ts';
import type { Choice, Listing } from '../../step/input.ts';
import { connectToEc2, type Ec2Connection } from './connect.ts';
import { AWS_REGIONS } from './regions.ts';

/** The region that is asked for all regions if none is configured. */
const DEFAULT_REGION = 'us-east-1';

/**
 * Lists the regions that are enabled for the account, or all that are known if it cannot be asked. Enter alone takes that of
 * the AWS CLI.
 */
export async function listRegions(signal: AbortSignal): Promise<Listing> {
  const own = await connectToEc2({ region: undefined, signal }).catch(noRegion);
  const ec2 = own ?? (await connectToEc2({ region: DEFAULT_REGION, signal }));
  const current = own && { suggested: own.region };
  try {
    const { Regions = [] } = await ec2.describeRegions({});
    const names = Regions.flatMap(({ RegionName }) => RegionName ?? []);
    return {
      choices: sorted(names).map(describe),
      owner: 'AWS',
      // What AWS has is listed by it, though not enabled.
      lists: (region) => names.includes(region) || region in AWS_REGIONS,
      warn: ([region = '']) => (names.includes(region) ? undefined : `${region} is not enabled in your AWS account`),
      ...current,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const note = `${error.message}. This list has every AWS region; some may not be enabled in your account.`;
    return { choices: Object.keys(AWS_REGIONS).map(describe), owner: 'AWS', note, ...current };
  } finally {
    ec2.close();
  }
}

function noRegion(error: unknown): Ec2Connection | undefined {
  if (error instanceof UserError && error.code === 'SPACECTL_MISSING_INPUT') return undefined;
  throw error;
}

/** Sorts regions as in the table; EC2's order varies. */
function sorted(names: readonly string[]): readonly string[] {
  const order = Object.keys(AWS_REGIONS);
  const placeOf = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.toSorted((one, other) => placeOf(one) - placeOf(other) || one.localeCompare(other));
}

function describe(value: string): Choice {
  const place = AWS_REGIONS[value];
  return place === undefined ? { value } : { value, name: `${value}, ${place}` };
}
