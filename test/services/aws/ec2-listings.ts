import type { Account, StoredSecurityGroup, StoredSubnet } from './account.ts';
import { element, elements, matches, pageOf, Refusal } from './answer.ts';

/** EC2's actions that list what a pool can use in a region, version 2016-11-15, as in `ec2.ts`. */
export const EC2_LISTINGS: Readonly<Record<string, (query: URLSearchParams, account: Account) => string>> = {
  DescribeRegions(_query, { regions = [] }) {
    const items = regions.map((name) =>
      elements('item', element('regionName', name), element('regionEndpoint', `ec2.${name}.amazonaws.com`)),
    );
    return elements('regionInfo', ...items);
  },
  DescribeSubnets(query, { subnets = [], pageSize }) {
    const found = subnets.filter(({ id, vpc }) => matches(query, { 'subnet-id': id, 'vpc-id': vpc }));
    return paged('subnetSet', found.map(describeSubnet), query, pageSize);
  },
  DescribeSecurityGroups(query, { securityGroups = [], pageSize }) {
    const found = securityGroups.filter(({ id, vpc }) => matches(query, { 'group-id': id, 'vpc-id': vpc }));
    return paged('securityGroupInfo', found.map(describeSecurityGroup), query, pageSize);
  },
  DescribeInstanceTypeOfferings(query, { instanceTypes = [], pageSize }) {
    const found = instanceTypes.filter((name) => matches(query, { 'instance-type': name }));
    return paged('instanceTypeOfferingSet', found.map(describeOffering), query, pageSize);
  },
};

function describeSubnet({ id, vpc, zone = 'eu-west-1a', cidr = '10.0.0.0/24', name }: StoredSubnet): string {
  const tag = name === undefined ? [] : [elements('item', element('key', 'Name'), element('value', name))];
  return elements(
    'item',
    element('subnetId', id),
    element('vpcId', vpc),
    element('availabilityZone', zone),
    element('cidrBlock', cidr),
    element('availableIpAddressCount', 251),
    ...tag.map((each) => elements('tagSet', each)),
  );
}

function describeSecurityGroup({ id, name, vpc, description = name }: StoredSecurityGroup): string {
  return elements(
    'item',
    element('groupId', id),
    element('groupName', name),
    element('groupDescription', description),
    element('vpcId', vpc),
  );
}

function describeOffering(name: string): string {
  return elements(
    'item',
    element('instanceType', name),
    element('locationType', 'region'),
    element('location', 'eu-west-1'),
  );
}

/**
 * Writes one page of a set of items. EC2 may return fewer than were asked for (API Reference, "Pagination"). The limits are
 * those of the model (DescribeSubnetsMaxResults, DescribeSecurityGroupsMaxResults, DITOMaxResults).
 */
function paged(set: string, items: readonly string[], query: URLSearchParams, pageSize: number | undefined): string {
  const limit = Number(query.get('MaxResults') ?? 1000);
  if (limit < 5 || limit > 1000) throw new Refusal('InvalidParameterValue', 'MaxResults must be from 5 to 1000');
  const { page, next } = pageOf(items, query, Math.min(limit, pageSize ?? limit));
  return elements(set, ...page) + element('nextToken', next);
}
