import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Ec2Image, startEc2 } from '../services/ec2.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const DAY = 86_400_000;
const OWNER = '123456789012';

/** An image released so many days ago. */
function image(id: string, days: number, architecture = 'x86_64', owner = OWNER): Ec2Image {
  const createdAt = new Date(Math.floor((Date.now() - days * DAY) / 1000) * 1000);
  const name = `spacelift-${createdAt.getTime() / 1000}-${architecture}`;
  return { id, name, architecture, owner, createdAt, deprecatedAt: new Date(createdAt.getTime() + 364 * DAY) };
}

const NEW = image('ami-0000000000000001', 5);
const OLD = image('ami-0000000000000002', 400);
const ARM = image('ami-0000000000000003', 20, 'arm64');
const STRANGE = image('ami-0000000000000004', 1, 'x86_64', '999999999999');
const IMAGES = [OLD, NEW, ARM, STRANGE];
const GONE = 'ami-0000000000000009';

const environment = {
  AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};

test('ami check of an auto-scaling group says what its instances really run, also where images are deprecated or gone', async () => {
  const ec2 = await startEc2(IMAGES, { name: 'workers', runs: [NEW.id, OLD.id, GONE, NEW.id] });
  const args = ['ami', 'check', '--auto-scaling-group', 'workers', '--endpoint-url', ec2.url];
  const json = await spacectl([...args, '--json'], { env: environment });
  expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode: 10, stderr: '' });
  const { images, actionNeeded } = JSON.parse(String(json.stdout));
  expect(actionNeeded).toBe(true);
  expect(images).toMatchObject([
    { id: NEW.id, fate: 'current', daysLeft: 359, architecture: 'x86_64', usedBy: ['auto-scaling group workers'] },
    { id: OLD.id, fate: 'deprecated' },
    { id: GONE, fate: 'gone' },
  ]);
  expect(ec2.actions).toEqual(['DescribeInstances', 'DescribeImages']);
  const table = await spacectl(args, { env: environment });
  expect(table.exitCode).toBe(10);
  expect(table.stdout).toMatch(/ami-0000000000000009 +gone/);
});

test('ami check of an image id says what becomes of the image within a month', async () => {
  const ec2 = await startEc2(IMAGES, { name: '', runs: [] });
  const check = (...more: readonly string[]) =>
    spacectl(['ami', 'check', NEW.id, '--endpoint-url', ec2.url, ...more], { env: environment });
  expect((await check()).exitCode).toBe(0);
  const early = await check('--warn-days', '360');
  expect(early.exitCode).toBe(10);
  expect(early.stdout).toContain('deprecates in 359 days');
});

test("ami latest prints Spacelift's newest image for the given architecture", async () => {
  const ec2 = await startEc2(IMAGES, { name: '', runs: [] });
  const args = ['ami', 'latest', '--owner', OWNER, '--endpoint-url', ec2.url];
  expect((await spacectl(args, { env: environment })).stdout).toBe(NEW.id);
  expect((await spacectl([...args, '--arch', 'arm64'], { env: environment })).stdout).toBe(ARM.id);
});

test('ami check works without a network from a name, a saved answer or a Terraform state', async () => {
  const folder = await temporaryFolder();
  const [saved, state] = [path.join(folder, 'images.json'), path.join(folder, 'terraform.tfstate')];
  const described = IMAGES.map(({ id, name, architecture, createdAt, deprecatedAt }) => ({
    ImageId: id,
    Name: name,
    Architecture: architecture,
    CreationDate: createdAt.toISOString(),
    DeprecationTime: deprecatedAt.toISOString(),
  }));
  await writeFile(saved, JSON.stringify({ Images: described }));
  const looked = { id: ARM.id, name: ARM.name, architecture: 'arm64', creation_date: ARM.createdAt.toISOString() };
  const template = { type: 'aws_launch_template', name: 'workers', instances: [{ attributes: { image_id: ARM.id } }] };
  const data = { type: 'aws_ami', name: 'this', instances: [{ attributes: looked }] };
  await writeFile(state, JSON.stringify({ version: 4, resources: [data, template] }));
  expect((await spacectl(['ami', 'check', NEW.name])).exitCode).toBe(0);
  expect((await spacectl(['ami', 'check', OLD.name])).exitCode).toBe(10);
  expect((await spacectl(['ami', 'check', '--images-file', saved])).exitCode).toBe(10);
  expect((await spacectl(['ami', 'check', GONE, '--images-file', saved])).stdout).toContain('gone');
  const ofState = await spacectl(['ami', 'check', '--terraform-state', state]);
  expect(ofState.exitCode).toBe(0);
  expect(ofState.stdout).toContain('aws_launch_template.workers');
  expect((await spacectl(['ami', 'latest', '--images-file', saved, '--arch', 'arm64'])).stdout).toBe(ARM.id);
});

test.each([
  ['nothing named', ['ami', 'check'], {}, 2, 'Missing IMAGE'],
  ['what is no image', ['ami', 'check', 'ubuntu'], {}, 2, '"ubuntu"'],
  ['no owner', ['ami', 'latest'], {}, 2, '--owner'],
  ['no region', ['ami', 'check', NEW.id], { AWS_REGION: '', AWS_CONFIG_FILE: '/dev/null' }, 2, '--region'],
  ['other credentials', ['ami', 'check', NEW.id], { AWS_ACCESS_KEY_ID: 'AKIAOTHER' }, 77, 'EC2 denied the request'],
] as const)('ami check ends with an error that tells the cause: %s', async (_title, args, more, exitCode, message) => {
  const ec2 = await startEc2(IMAGES, { name: '', runs: [] });
  const run = await spacectl([...args, '--endpoint-url', ec2.url], { env: { ...environment, ...more } });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode });
  expect(run.stderr).toContain(message);
});

test('an EC2 endpoint that does not answer is reported as unreachable', async () => {
  const run = await spacectl(['ami', 'check', NEW.id, '--endpoint-url', 'http://127.0.0.1:1'], { env: environment });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 69 });
});
