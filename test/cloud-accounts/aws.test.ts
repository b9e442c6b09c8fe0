import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeEach, expect, test, vi } from 'vitest';
import { awsChoices } from '../../src/cloud-accounts/index.ts';
import type { Choice, Listing } from '../../src/step/input.ts';
import { warningAbout } from '../../src/step/look-up.ts';
import { type Account, AWS_ENVIRONMENT, NO_AWS_CREDENTIALS } from '../services/aws/account.ts';
import type { Fault } from '../services/aws/faults.ts';
import { startAws } from '../services/aws/server.ts';
import { testWith } from '../services/programs.ts';

const SUBNETS = [
  { id: 'subnet-0b', vpc: 'vpc-2', name: 'public', zone: 'eu-west-1b', cidr: '10.2.0.0/24' },
  { id: 'subnet-0c', vpc: 'vpc-1', name: 'b', zone: 'eu-west-1b' },
  { id: 'subnet-0a', vpc: 'vpc-1', name: 'a', cidr: '10.1.0.0/24' },
  { id: 'subnet-0d', vpc: 'vpc-1' },
];
const GROUPS = [
  { id: 'sg-01', name: 'workers', vpc: 'vpc-1', description: 'Outbound only' },
  { id: 'sg-02', name: 'default', vpc: 'vpc-2' },
];
const ACCOUNT: Account = {
  regions: ['us-east-1', 'xx-new-1', 'eu-west-1'],
  subnets: SUBNETS,
  securityGroups: GROUPS,
  instanceTypes: ['t3.small', 'm7i.large'],
};
const signal = AbortSignal.timeout(60_000);
const place = { region: 'eu-west-1' };

async function start(pageSize?: number, faults?: Readonly<Record<string, Fault>>) {
  const server = await startAws({ ...ACCOUNT, ...(pageSize !== undefined && { pageSize }) }, faults);
  const environment = { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_EC2: server.url };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return { ...server, environment };
}

/** Reads a list as the wizard does. */
async function listing(found: Promise<readonly Choice[] | Listing>): Promise<Listing> {
  const all = await found;
  return 'choices' in all ? all : { choices: all };
}

beforeEach(() => vi.unstubAllEnvs());

test('The regions of the account are offered with where they are, and that of the AWS CLI is suggested', async () => {
  await start();
  const found = await listing(awsChoices.regions({}, signal));
  const { choices, suggested, note, owner } = found;
  expect(choices).toEqual([
    { value: 'eu-west-1', name: 'eu-west-1, Europe (Ireland)' },
    { value: 'us-east-1', name: 'us-east-1, US East (N. Virginia)' },
    { value: 'xx-new-1' },
  ]);
  expect({ suggested, note, owner }).toEqual({ suggested: 'eu-west-1', note: undefined, owner: 'AWS' });
  expect(warningAbout('region', ['eu-west-1'], found)).toBeUndefined();
  expect(warningAbout('region', ['ap-east-1'], found)).toBe('region: ap-east-1 is not enabled in your AWS account');
  expect(warningAbout('region', ['eu-wets-1'], found)).toBe(
    'region: AWS does not list eu-wets-1; did you mean eu-west-1?',
  );
  vi.stubEnv('AWS_REGION', '');
  expect(await listing(awsChoices.regions({}, signal))).not.toHaveProperty('suggested');
  vi.stubEnv('AWS_DEFAULT_REGION', 'us-east-1');
  expect(await listing(awsChoices.regions({}, signal))).toMatchObject({ suggested: 'us-east-1' });
});

test('Without credentials all regions are offered, and one line says why', async () => {
  for (const [name, value] of Object.entries(NO_AWS_CREDENTIALS)) vi.stubEnv(name, value);
  const { choices, note } = await listing(awsChoices.regions({}, signal));
  expect(choices.map(({ value }) => value)).toEqual(expect.arrayContaining(['eu-west-1', 'us-gov-west-1']));
  expect(note).toMatch(/^AWS credentials are missing or expired: .*\. This list has every AWS region; some may .*\.$/);
});

test('Subnets are offered with name, zone and addresses, those of one VPC together, from all pages', async () => {
  const server = await start(1);
  const { choices, warn } = await listing(awsChoices.subnets(place, signal));
  expect(choices).toEqual([
    { value: 'subnet-0a', name: 'a, eu-west-1a, 10.1.0.0/24 (subnet-0a)', description: 'vpc-1, 251 free addresses' },
    { value: 'subnet-0c', name: 'b, eu-west-1b, 10.0.0.0/24 (subnet-0c)', description: 'vpc-1, 251 free addresses' },
    { value: 'subnet-0d', name: 'eu-west-1a, 10.0.0.0/24 (subnet-0d)', description: 'vpc-1, 251 free addresses' },
    {
      value: 'subnet-0b',
      name: 'public, eu-west-1b, 10.2.0.0/24 (subnet-0b)',
      description: 'vpc-2, 251 free addresses',
    },
  ]);
  expect(server.actions).toHaveLength(4);
  expect(warn?.(['subnet-0a', 'subnet-0c'])).toBeUndefined();
  expect(warn?.(['subnet-0a', 'subnet-0b'])).toBe(
    'subnet-0a is in vpc-1 and subnet-0b is in vpc-2, but an Auto Scaling group needs all its subnets in one VPC',
  );
});

test("Security groups are those of the chosen subnets' VPC, or all of the region", async () => {
  await start();
  const of = async (...subnet: readonly string[]) =>
    (await listing(awsChoices.securityGroups({ ...place, subnet }, signal))).choices.map(({ value }) => value);
  expect(await of('subnet-0a', 'subnet-0c')).toEqual(['sg-01']);
  expect(await of('subnet-0b')).toEqual(['sg-02']);
  expect(await of()).toEqual(['sg-02', 'sg-01']);
  const { owner } = await listing(awsChoices.securityGroups({ ...place, subnet: ['subnet-0a', 'subnet-0b'] }, signal));
  expect(owner).toBe("the subnets' network (vpc-2 and vpc-1)");
  // A subnet that does not exist is no error here.
  expect(await of('subnet-99')).toEqual(['sg-02', 'sg-01']);
});

test('Instance types are those that EC2 offers in the region', async () => {
  await start(1);
  const { choices, owner } = await listing(awsChoices.instanceTypes(place, signal));
  expect(choices).toEqual([{ value: 'm7i.large' }, { value: 't3.small' }]);
  expect(owner).toBe('EC2 in eu-west-1');
});

test.each<readonly [Fault, string]>([
  [
    'denied',
    'EC2 denied the request: You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/dev is not authorized to perform: ec2:DescribeSubnets because no identity-based policy allows the ec2:DescribeSubnets action',
  ],
  ['rejected', 'EC2 denied the request: AWS was not able to validate the provided access credentials'],
])('What EC2 says of %s requests is passed on in one line', async (fault, message) => {
  await start(undefined, { DescribeSubnets: fault });
  await expect(awsChoices.subnets(place, signal)).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED', message });
});

test('A request that EC2 throttled is sent again', async () => {
  const server = await start(undefined, { DescribeSubnets: 'throttled once' });
  expect((await listing(awsChoices.subnets(place, signal))).choices).toHaveLength(4);
  expect(server.actions).toHaveLength(2);
});

test('Offline and without a region, EC2 is not asked', async () => {
  const server = await start();
  const offline = { ...place, offline: true, subnet: [] };
  for (const lookUp of Object.values(awsChoices)) expect(await lookUp(offline, signal)).toEqual([]);
  const nowhere = { region: undefined, subnet: [] };
  expect(await awsChoices.subnets(nowhere, signal)).toMatchObject({
    choices: [],
    note: 'Set a region to choose from its subnets.',
  });
  expect(await awsChoices.securityGroups(nowhere, signal)).toMatchObject({ choices: [] });
  expect(await awsChoices.instanceTypes(nowhere, signal)).toEqual([]);
  expect(server.actions).toEqual([]);
});

testWith('aws')(
  'The AWS CLI reads the same from the stand-in',
  async () => {
    const { environment } = await start(3);
    const given = Object.entries(environment).filter(([, value]) => value !== '');
    const env = { PATH: process.env['PATH'] ?? '', ...Object.fromEntries(given) };
    const endpoint = ['--endpoint-url', environment.AWS_ENDPOINT_URL_EC2, '--region', 'eu-west-1', '--output', 'json'];
    const ask = async (...words: readonly string[]) =>
      JSON.parse((await promisify(execFile)('aws', ['ec2', ...words, ...endpoint], { env })).stdout);
    expect((await ask('describe-regions')).Regions).toHaveLength(3);
    expect((await ask('describe-subnets')).Subnets).toMatchObject(
      SUBNETS.map(({ id, vpc, name }) => ({
        SubnetId: id,
        VpcId: vpc,
        ...(name && { Tags: [{ Key: 'Name', Value: name }] }),
      })),
    );
    expect((await ask('describe-security-groups')).SecurityGroups).toMatchObject([
      { GroupId: 'sg-01', GroupName: 'workers', Description: 'Outbound only' },
      { GroupId: 'sg-02' },
    ]);
  },
  60_000,
);
