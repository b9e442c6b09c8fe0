import type { Listing } from '../../step/input.ts';
import { connectToEc2 } from './connect.ts';
import { allPages, PAGE } from './pages.ts';

/** Lists the instance types that EC2 offers in a region. @throws UserError what EC2 says */
export async function listInstanceTypes(region: string, signal: AbortSignal): Promise<Listing> {
  const ec2 = await connectToEc2({ region, signal });
  try {
    const offerings = await allPages(
      (next) => ec2.describeInstanceTypeOfferings({ LocationType: 'region', MaxResults: PAGE, ...next }),
      ({ InstanceTypeOfferings }) => InstanceTypeOfferings,
    );
    const names = offerings.flatMap(({ InstanceType }) => InstanceType ?? []);
    return { choices: names.toSorted().map((value) => ({ value })), owner: `EC2 in ${region}` };
  } finally {
    ec2.close();
  }
}
