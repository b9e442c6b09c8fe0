import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AWS_ENVIRONMENT, type StoredImage, spaceliftImage } from '../services/aws/account.ts';
import { startAws } from '../services/aws/server.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const NEW = spaceliftImage('ami-00000000000000001', 5);
const OLD = spaceliftImage('ami-00000000000000002', 400);
const ARM = spaceliftImage('ami-00000000000000003', 20, { architecture: 'arm64' });
/** Anyone can publish an image under such a name. */
const IMITATION = spaceliftImage('ami-00000000000000004', 1, { owner: '999999999999' });
const GOV = spaceliftImage('ami-00000000000000005', 8, { owner: '092348861888' });
const DISABLED = spaceliftImage('ami-00000000000000006', 9, {
  owner: '111111111111',
  name: 'golden',
  state: 'disabled',
});
const LEFTOVER = spaceliftImage('ami-00000000000000007', 500);
/** EC2 shows an account its own images, deprecated or not. */
const MINE = [
  spaceliftImage('ami-00000000000000010', 20, { owner: '222222222222', isOwn: true }),
  spaceliftImage('ami-00000000000000011', 10, { owner: '222222222222', isOwn: true, deprecatedAt: new Date(0) }),
];
const images = [OLD, NEW, ARM, IMITATION, GOV, DISABLED, LEFTOVER];
const GONE = 'ami-00000000000000009';

const run = (args: readonly string[], env: object = {}) =>
  spacectl(['ami', ...args], { env: { ...AWS_ENVIRONMENT, ...env } });

test('ami check says where images stand, and that EC2 shows one never makes it gone', async () => {
  const ids = [...images.map(({ id }) => id), GONE];
  const { url, actions } = await startAws({ images, groups: [{ name: 'all', runs: ids }] });
  const args = ['check', '--auto-scaling-group', 'all', '--endpoint-url', url];
  const { exitCode, stdout, stderr } = await run([...args, '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 10, stderr: '' });
  const usedBy = ['instances of auto-scaling group all'];
  expect(JSON.parse(String(stdout)).images).toMatchObject([
    { id: OLD.id, status: 'deprecated', daysLeft: -36, usedBy },
    { id: NEW.id, status: 'current', daysLeft: 359, name: NEW.name },
    { id: ARM.id, status: 'current', architecture: 'arm64' },
    { id: IMITATION.id, status: 'current', note: expect.stringContaining('account 999999999999 owns it') },
    { id: GOV.id, status: 'current' },
    { id: DISABLED.id, status: 'disabled' },
    { id: LEFTOVER.id, status: 'deprecated', note: expect.stringContaining('EC2 still has it') },
    { id: GONE, status: 'gone', note: expect.stringContaining('EC2 in eu-west-1 does not show it') },
  ]);
  expect(actions).toEqual(['DescribeAutoScalingGroups', 'DescribeInstances', 'DescribeImages']);
  const table = await run(args);
  expect(table.stdout).toMatch(/^ami-00000000000000009 +gone/m);
  expect(table.stdout).toMatch(/^ami-00000000000000009: EC2 in eu-west-1 does not show it: it was removed,/m);
  expect(table.stdout).toMatch(/newest image:\n {2}spacectl ami latest --arch x86_64$/);
  const early = await run(['check', NEW.id, '--warn-days', '360', '--endpoint-url', url]);
  expect(early).toMatchObject({ exitCode: 10, stdout: expect.stringContaining('deprecates in 359 days') });
});

const ACCOUNT = {
  images,
  templates: [
    { id: 'lt-1', name: 'workers', default: 1, versions: [OLD.id, NEW.id] },
    { id: 'lt-3', name: 'parameter', default: 1, versions: ['resolve:ssm:/golden/image'] },
  ],
  parameters: { '/golden/image': NEW.id },
  pageSize: 1,
};

test('an auto-scaling group that does not exist is an error', async () => {
  const { url } = await startAws({ ...ACCOUNT, groups: [{ name: 'workers' }] });
  const env = { AWS_ENDPOINT_URL_EC2: url, AWS_ENDPOINT_URL_AUTO_SCALING: url };
  const { exitCode, stderr } = await run(['check', '--auto-scaling-group', 'worker'], env);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('eu-west-1 has no group named "worker"');
});

test('ami check of a Terraform state follows parameters and older versions at EC2, in the region of the state', async () => {
  const file = path.join(await temporaryFolder(), 'terraform.tfstate');
  const template = { id: 'lt-1', name: 'workers', image_id: NEW.id, latest_version: 2, default_version: 1 };
  const resources = [
    ['aws_launch_template', { ...template, arn: 'arn:aws:ec2:eu-north-1:1:launch-template/lt-1' }],
    [
      'aws_launch_template',
      { id: 'lt-3', name: 'parameter', image_id: 'resolve:ssm:/golden/image', latest_version: 1 },
    ],
    ['aws_autoscaling_group', { launch_template: [{ id: 'lt-1', version: '$Default' }] }],
  ].map(([type, attributes], index) => ({ type, name: `r${index}`, instances: [{ attributes }] }));
  await writeFile(file, JSON.stringify({ version: 4, resources }));
  const { url, actions } = await startAws(ACCOUNT);
  const env = { AWS_REGION: '', AWS_CONFIG_FILE: '/dev/null' };
  const { exitCode, stdout } = await run(['check', '--terraform-state', file, '--endpoint-url', url, '--json'], env);
  expect(exitCode).toBe(10);
  expect(JSON.parse(String(stdout)).images).toMatchObject([
    { id: NEW.id, status: 'current', usedBy: ['aws_launch_template.r0', 'aws_launch_template.r1'] },
    { id: OLD.id, status: 'deprecated', usedBy: ['aws_autoscaling_group.r2'] },
  ]);
  // One image a page.
  expect(actions).toEqual([...Array(2).fill('DescribeLaunchTemplateVersions'), ...Array(2).fill('DescribeImages')]);
});

test("ami latest prints the newest image that Spacelift owns in the region's partition", async () => {
  const { url } = await startAws({ images: [...images, ...MINE] });
  const latest = (...args: readonly string[]) => run(['latest', '--endpoint-url', url, ...args]);
  expect((await latest()).stdout).toBe(NEW.id);
  expect((await latest('--region', 'us-gov-west-1')).stdout).toBe(GOV.id);
  expect((await latest('--owner', '999999999999')).stdout).toBe(IMITATION.id);
  expect((await latest('--owner', '222222222222')).stdout).toBe(MINE[0]?.id);
  const china = await latest('--region', 'cn-north-1');
  expect(china).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cn-north-1') });
  const none = await latest('--region', 'us-gov-east-1', '--arch', 'arm64');
  expect(none.stderr).toContain('Account 092348861888 in us-gov-east-1 has no image named spacelift-…-arm64');
});

test('ami check and latest work without a network from a name, a saved answer or a Terraform state', async () => {
  const folder = await temporaryFolder();
  const [saved, state] = [path.join(folder, 'images.json'), path.join(folder, 'terraform.tfstate')];
  const described = [OLD, NEW, ARM, IMITATION].map((image: StoredImage) => ({
    ImageId: image.id,
    Name: image.name,
    Architecture: image.architecture,
    OwnerId: image.owner,
    State: 'available',
    CreationDate: image.createdAt.toISOString(),
    DeprecationTime: image.deprecatedAt?.toISOString(),
  }));
  await writeFile(saved, JSON.stringify({ Images: described }));
  const looked = { id: ARM.id, name: ARM.name, architecture: 'arm64', creation_date: ARM.createdAt.toISOString() };
  const template = { type: 'aws_launch_template', name: 'workers', instances: [{ attributes: { image_id: ARM.id } }] };
  const data = { type: 'aws_ami', name: 'this', instances: [{ attributes: looked }] };
  await writeFile(state, JSON.stringify({ version: 4, resources: [data, template] }));
  expect((await run(['check', NEW.name])).exitCode).toBe(0);
  expect((await run(['check', LEFTOVER.name])).stdout).toMatch(
    /gone[\s\S]*Spacelift removes its images after 420 days/,
  );
  expect((await run(['check', '--images-file', saved])).exitCode).toBe(10);
  expect((await run(['check', GONE, '--images-file', saved])).stdout).toMatch(
    /unknown[\s\S]*the file does not describe it/,
  );
  const ofState = await run(['check', '--terraform-state', state]);
  expect(ofState).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('aws_launch_template.workers') });
  const other = await run(['check', '--images-file', state]);
  expect(other.stderr).toContain('--owners self 643313122712 092348861888 ');
  expect((await run(['latest', '--images-file', saved])).stdout).toBe(NEW.id);
  expect((await run(['latest', '--images-file', saved, '--arch', 'arm64'])).stdout).toBe(ARM.id);
});

test.each([
  ['nothing named', ['check'], {}, 2, 'Missing IMAGE'],
  ['what is no image', ['check', 'ubuntu'], {}, 2, '"ubuntu"'],
  ['no region', ['latest'], { AWS_REGION: '', AWS_CONFIG_FILE: '/dev/null' }, 2, '--region'],
  ['other credentials', ['check', NEW.id], { AWS_ACCESS_KEY_ID: 'AKIAOTHER' }, 77, 'EC2 denied the request'],
] as const)('ami check ends with an error that tells the cause: %s', async (_title, args, more, exitCode, message) => {
  const { url } = await startAws({ images });
  const { stderr, ...ended } = await run([...args, '--endpoint-url', url], more);
  expect({ exitCode: ended.exitCode, stderr }).toMatchObject({ exitCode });
  expect(stderr).toContain(message);
});

test('an EC2 endpoint that does not answer is reported as unreachable', async () => {
  expect(await run(['check', NEW.id, '--endpoint-url', 'http://127.0.0.1:1'])).toMatchObject({ exitCode: 69 });
});
