import { formatCount, listed } from '../../core/text.ts';
import type { Listing } from '../../step/input.ts';
import { connectToEc2, type Ec2Connection } from './connect.ts';
import { allPages, PAGE } from './pages.ts';

type Subnet = NonNullable<Awaited<ReturnType<Ec2Connection['describeSubnets']>>['Subnets']>[number];

/** Lists the subnets of a region, those of one VPC after the other. @throws UserError what EC2 says */
export async function listSubnets(region: string, signal: AbortSignal): Promise<Listing> {
  const ec2 = await connectToEc2({ region, signal });
  try {
    const subnets = await allPages(
      (next) => ec2.describeSubnets({ MaxResults: PAGE, ...next }),
      ({ Subnets }) => Subnets,
    );
    const described = subnets.flatMap((subnet) => (subnet.SubnetId ? [{ ...subnet, id: subnet.SubnetId }] : []));
    const vpcs = new Map(described.map(({ id, VpcId }) => [id, VpcId]));
    const choices = described.map((subnet) => ({
      value: subnet.id,
      name: `${[nameOf(subnet), subnet.AvailabilityZone, subnet.CidrBlock].filter(Boolean).join(', ')} (${subnet.id})`,
      description: [subnet.VpcId, addressesOf(subnet)].filter(Boolean).join(', '),
    }));
    const vpcFirst = (value: string, name: string) => `${vpcs.get(value)} ${name}`;
    return {
      choices: choices.toSorted((one, other) =>
        vpcFirst(one.value, one.name).localeCompare(vpcFirst(other.value, other.name)),
      ),
      owner: `your AWS account in ${region}`,
      warn: (ids) => severalVpcs(ids, vpcs),
    };
  } finally {
    ec2.close();
  }
}

/** Lists the security groups that instances in some subnets can have: those of their VPCs. @throws UserError what EC2 says */
export async function listSecurityGroups(
  region: string,
  subnets: readonly string[],
  signal: AbortSignal,
): Promise<Listing> {
  const ec2 = await connectToEc2({ region, signal });
  try {
    const vpcs = await vpcsOf(ec2, subnets);
    const filters = vpcs.length === 0 ? {} : { Filters: [{ Name: 'vpc-id', Values: [...vpcs] }] };
    const groups = await allPages(
      (next) => ec2.describeSecurityGroups({ ...filters, MaxResults: PAGE, ...next }),
      ({ SecurityGroups }) => SecurityGroups,
    );
    return {
      choices: groups
        .flatMap(({ GroupId, GroupName, Description, VpcId }) => {
          const description = [Description, VpcId].filter(Boolean).join(', ');
          return GroupId ? [{ value: GroupId, name: `${GroupName ?? ''} (${GroupId})`.trim(), description }] : [];
        })
        .toSorted((one, other) => one.name.localeCompare(other.name)),
      owner: vpcs.length === 0 ? `your AWS account in ${region}` : `the subnets' network (${listed(vpcs)})`,
    };
  } finally {
    ec2.close();
  }
}

/** Finds the VPCs of some subnets. */
async function vpcsOf(ec2: Ec2Connection, subnets: readonly string[]): Promise<readonly string[]> {
  if (subnets.length === 0) return [];
  // By filter: with IDs, one subnet that does not exist would fail the whole request.
  const { Subnets = [] } = await ec2.describeSubnets({ Filters: [{ Name: 'subnet-id', Values: [...subnets] }] });
  return [...new Set(Subnets.flatMap(({ VpcId }) => VpcId ?? []))];
}

function nameOf({ Tags = [] }: Subnet): string | undefined {
  return Tags.find(({ Key }) => Key === 'Name')?.Value;
}

function addressesOf({ AvailableIpAddressCount: count }: Subnet): string | undefined {
  return count === undefined ? undefined : `${formatCount(count)} free addresses`;
}

/** An Auto Scaling group is in one VPC (Auto Scaling API Reference, CreateAutoScalingGroup, VPCZoneIdentifier). */
function severalVpcs(ids: readonly string[], vpcs: ReadonlyMap<string, string | undefined>): string | undefined {
  const found = [...new Set(ids.flatMap((id) => vpcs.get(id) ?? []))];
  if (found.length < 2) return undefined;
  const places = ids.map((id) => `${id} is in ${vpcs.get(id)}`);
  return `${listed(places)}, but an Auto Scaling group needs all its subnets in one VPC`;
}
