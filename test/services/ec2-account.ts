import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Ec2Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly zone?: string;
  readonly cidr?: string;
  readonly name?: string;
}

export interface Ec2SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  readonly about?: string;
}

/** What an account has, in the region that is asked. */
export interface Ec2Account {
  readonly regions?: readonly string[];
  readonly subnets?: readonly Ec2Subnet[];
  readonly groups?: readonly Ec2SecurityGroup[];
  readonly types?: readonly string[];
  /** Items on one page. EC2 may return fewer than were asked for (API Reference, "Pagination"). */
  readonly page?: number;
  /** What goes wrong, by action. */
  readonly faults?: Readonly<Record<string, Fault>>;
}

/**
 * `denied`: what IAM answers without the right (API Reference, "Common client error codes", UnauthorizedOperation).
 * `rejected`: credentials that are no credentials. `throttled`: RequestLimitExceeded, always. `throttled once`: only the
 * first time. `slow`: after a while. `hangs`: never.
 */
export type Fault = 'denied' | 'rejected' | 'throttled' | 'throttled once' | 'slow' | 'hangs';

/** A stand-in for EC2 on loopback, with the requests that it got. */
export interface Ec2AccountServer {
  readonly requests: readonly URLSearchParams[];
  /** The variables with which the SDK and the AWS CLI ask it. */
  readonly environment: Readonly<Record<string, string>>;
}

type Answer = readonly [status: number, body: string];

const LIST = String.raw`Filter\.\d+\.(?:Name|Value\.\d+)`;
/** Parameters of each action, by their names on the wire. */
const PARAMETERS: Readonly<Record<string, RegExp>> = {
  DescribeRegions: new RegExp(String.raw`^(?:AllRegions|RegionName\.\d+|${LIST})$`),
  DescribeSubnets: new RegExp(String.raw`^(?:SubnetId\.\d+|NextToken|MaxResults|${LIST})$`),
  DescribeSecurityGroups: new RegExp(String.raw`^(?:Group(?:Id|Name)\.\d+|NextToken|MaxResults|${LIST})$`),
  DescribeInstanceTypeOfferings: new RegExp(`^(?:LocationType|NextToken|MaxResults|${LIST})$`),
};

/** The set of items in each answer, by its name on the wire. */
const SETS: Readonly<Record<string, string>> = {
  DescribeRegions: 'regionInfo',
  DescribeSubnets: 'subnetSet',
  DescribeSecurityGroups: 'securityGroupInfo',
  DescribeInstanceTypeOfferings: 'instanceTypeOfferingSet',
};

/**
 * Serves what an account has. Names of actions, parameters and elements, and the limits of MaxResults, are those of
 * botocore's model (boto/botocore 1.43.11, `botocore/data/ec2/2016-11-15/service-2.json`); errors are those of the EC2 API
 * Reference, "Error codes".
 */
export async function startEc2Account(account: Ec2Account): Promise<Ec2AccountServer> {
  const requests: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const query = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
      const action = query.get('Action') ?? '';
      const isFirst = requests.every((each) => each.get('Action') !== action);
      requests.push(query);
      const fault = account.faults?.[action];
      if (fault === 'hangs') return;
      if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, 1500));
      const isSigned = /^AWS4-HMAC-SHA256 Credential=AKIATESTTESTTESTTEST\//.test(request.headers.authorization ?? '');
      const [status, body] = isSigned ? answer(account, action, query, isFirst) : refuse(401, 'AuthFailure');
      response.writeHead(status, { 'content-type': 'text/xml;charset=UTF-8' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { requests, environment: { ...credentials, AWS_ENDPOINT_URL_EC2: url } };
}

/** Where an SDK finds nothing: no files, no instance. */
export const noCredentials = {
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
  AWS_PROFILE: '',
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const;

const credentials = {
  ...noCredentials,
  AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1',
} as const;

function answer(account: Ec2Account, action: string, query: URLSearchParams, isFirst: boolean): Answer {
  const fault = account.faults?.[action];
  const known = PARAMETERS[action];
  if (!known || query.get('Version') !== '2016-11-15') return refuse(400, 'InvalidAction');
  const unknown = [...query.keys()].find((key) => key !== 'Action' && key !== 'Version' && !known.test(key));
  if (unknown) return refuse(400, 'UnknownParameter', unknown);
  if (fault === 'rejected')
    return refuse(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials');
  if (fault === 'denied') return refuse(403, 'UnauthorizedOperation', DENIED.replaceAll('ACTION', action));
  if (fault === 'throttled' || (fault === 'throttled once' && isFirst))
    return refuse(503, 'RequestLimitExceeded', 'Request limit exceeded.');
  const size = Number(query.get('MaxResults') ?? 1000);
  if (size < 5 || size > 1000) return refuse(400, 'InvalidParameterValue', 'MaxResults');
  const items = itemsOf(account, action, filtersOf(query));
  const from = Number(query.get('NextToken') ?? 0);
  const to = from + Math.min(size, account.page ?? size);
  const set = `<${SETS[action]}>${items.slice(from, to).join('')}</${SETS[action]}>`;
  return reply(action, `${set}${to < items.length ? `<nextToken>${to}</nextToken>` : ''}`);
}

const DENIED =
  'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/dev is not authorized to perform: ec2:ACTION because no identity-based policy allows the ec2:ACTION action. Encoded authorization failure message: 4Jv0d2hZ';

function itemsOf(
  account: Ec2Account,
  action: string,
  filters: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const { regions = [], subnets = [], groups = [], types = [] } = account;
  const isWanted = (name: string, value: string) => filters.get(name)?.includes(value) ?? true;
  if (action === 'DescribeRegions')
    return regions.map((name) => item({ regionName: name, regionEndpoint: `ec2.${name}.amazonaws.com` }));
  if (action === 'DescribeSubnets') {
    const wanted = subnets.filter(({ id, vpc }) => isWanted('subnet-id', id) && isWanted('vpc-id', vpc));
    return wanted.map(({ id, vpc, zone = 'eu-west-1a', cidr = '10.0.0.0/24', name }) => {
      const tags = name === undefined ? '' : `<tagSet>${item({ key: 'Name', value: name })}</tagSet>`;
      const fields = {
        subnetId: id,
        vpcId: vpc,
        availabilityZone: zone,
        cidrBlock: cidr,
        availableIpAddressCount: '251',
      };
      return item(fields, tags);
    });
  }
  if (action === 'DescribeSecurityGroups') {
    const wanted = groups.filter(({ vpc }) => isWanted('vpc-id', vpc));
    return wanted.map(({ id, name, vpc, about = name }) =>
      item({ groupId: id, groupName: name, groupDescription: about, vpcId: vpc }),
    );
  }
  return types.map((type) => item({ instanceType: type, locationType: 'region', location: 'eu-west-1' }));
}

function item(fields: Readonly<Record<string, string>>, more = ''): string {
  return `<item>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join('')}${more}</item>`;
}

/** Escapes text; control characters become references, as far as XML 1.0 has them. */
function escapeXml(text: string): string {
  return text.replaceAll(/[&<>\u0080-\u009f]/g, (each) => `&#${each.codePointAt(0)};`);
}

function filtersOf(query: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const filters = new Map<string, readonly string[]>();
  for (let index = 1; query.has(`Filter.${index}.Name`); index++) {
    const values = [...query].filter(([key]) => key.startsWith(`Filter.${index}.Value.`)).map(([, value]) => value);
    filters.set(query.get(`Filter.${index}.Name`) ?? '', values);
  }
  return filters;
}

function reply(action: string, body: string): Answer {
  const start = `<?xml version="1.0" encoding="UTF-8"?><${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">`;
  return [200, `${start}<requestId>1</requestId>${body}</${action}Response>`];
}

function refuse(status: number, code: string, message = code): Answer {
  const error = `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return [
    status,
    `<?xml version="1.0" encoding="UTF-8"?><Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>`,
  ];
}
