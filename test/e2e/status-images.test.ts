import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AWS_ENVIRONMENT, spaceliftImage } from '../services/aws/account.ts';
import { startAws } from '../services/aws/server.ts';
import { describeImage, listVersions, pathWith } from '../services/cloud-program.ts';
import { poolFolder } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';

const POOL = ['--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP'];

/** Renders a configuration, and puts a Terraform state beside it, if there is one. */
async function configured(target: string, args: readonly string[], state?: unknown): Promise<string> {
  const dir = await poolFolder();
  const { exitCode, stderr } = await spacectl(['init', dir, '--no-input', '--target', target, ...POOL, ...args]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  if (state) await putState(path.join(dir, target), state);
  return dir;
}

async function putState(folder: string, resources: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'terraform.tfstate'), JSON.stringify({ version: 4, resources }));
}

/** What `status` says of the machine images of a target. */
async function imagesOf(
  dir: string,
  target: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
) {
  const { stdout } = await spacectl(['status', dir, '--json', ...args], { env: { SPACECTL_POOL_ID: '', ...env } });
  const { things } = JSON.parse(String(stdout));
  return things.find(({ id }: { id: string }) => id === `${target}-images`);
}

const FRESH = spaceliftImage('ami-00000000000000001', 5);
const OLD = spaceliftImage('ami-00000000000000002', 400);
const FOREIGN = spaceliftImage('ami-00000000000000003', 700, { owner: '591542846629', name: 'al2023-ecs' });
const templates = [{ id: 'lt-1', name: 'workers', default: 1, versions: [OLD.id, FRESH.id] }];
const template = (image_id: string) => ({
  type: 'aws_launch_template',
  name: 'workers',
  instances: [{ attributes: { id: 'lt-1', image_id, latest_version: 2, default_version: 1 } }],
});
const group = {
  type: 'aws_autoscaling_group',
  name: 'g',
  instances: [{ attributes: { launch_template: [{ id: 'lt-1', version: '1' }] } }],
};

test("status of AWS: the image of the configuration, and a state's, down to the version that a group names", async () => {
  const { url } = await startAws({ images: [FRESH, OLD], templates });
  const env = { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_EC2: url };
  const region = ['--region', 'eu-west-1'];
  const dir = await configured('terraform-aws', [...region, '--machine-image', FRESH.id]);
  const images = (...args: readonly string[]) => imagesOf(dir, 'terraform-aws', env, ...args);
  expect(await images()).toEqual({
    id: 'terraform-aws-images',
    title: 'Machine images',
    state: 'good',
    evidence: `${FRESH.name}: current`,
  });
  expect(await images('--offline')).toMatchObject({
    state: 'unknown',
    evidence: `${FRESH.id}: unknown (AWS was not queried (--offline))`,
    command: `spacectl ami check ${FRESH.id}`,
  });
  await putState(path.join(dir, 'terraform-aws'), [template(FRESH.id), group]);
  expect(await images()).toMatchObject({
    state: 'attention',
    evidence: `${FRESH.name}: current; ${OLD.name}: deprecated`,
    command: `spacectl ami check ${FRESH.id} --terraform-state ${dir}/terraform-aws/terraform.tfstate`,
  });
  const main = path.join(dir, 'terraform-aws/main.tf');
  await writeFile(main, (await readFile(main, 'utf8')).replace(FRESH.id, 'ami-00000000000000009'));
  await putState(path.join(dir, 'terraform-aws'), []);
  expect(await images()).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining(': gone (EC2 in eu-west-1 '),
  });
  // Without credentials nothing is known, and no job fails for it.
  expect(
    await imagesOf(dir, 'terraform-aws', { ...env, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }),
  ).toMatchObject({
    state: 'unknown',
  });
  const plain = await configured('terraform-aws', region);
  expect(await imagesOf(plain, 'terraform-aws', env)).toMatchObject({
    state: 'none',
    evidence: expect.stringMatching(/^Spacelift's newest when Terraform runs; of running hosts: spacectl ami check/),
  });
}, 180_000);

test("status of ECS: AWS's image in a state goes by its own deprecation time", async () => {
  const { url } = await startAws({ images: [FOREIGN] });
  const dir = await configured('ecs', ['--region', 'eu-west-1'], [template(FOREIGN.id)]);
  const found = await imagesOf(dir, 'ecs', { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_EC2: url });
  expect(found).toMatchObject({ state: 'attention', evidence: 'al2023-ecs: deprecated' });
}, 180_000);

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const gcloud = {
  [describeImage('spacelift-workers', 'spacelift-worker', 'describe-from-family')]: {
    prints: { name: 'newest', creationTimestamp: ago(8.5) },
  },
};
const az = {
  [listVersions('spacelift_worker_image_ubu_lts')]: { prints: [{ name: '3.0.117', publishedDate: ago(1.5) }] },
};

test.each([
  ['terraform-gcp', [], 'its newest image is newest, 8 days old'],
  ['terraform-azure', [], 'version 3.0.117, 1 day old (the newest)'],
])(
  'status of %s: which line is alive, and how old its newest image is',
  async (target, args, words) => {
    const dir = await configured(target, args);
    const PATH = await pathWith({ gcloud, az });
    expect(await imagesOf(dir, target, { PATH })).toMatchObject({
      state: 'good',
      evidence: expect.stringContaining(words),
    });
    const without = await imagesOf(dir, target, { PATH: await pathWith({}) });
    expect(without).toMatchObject({
      state: 'good',
      evidence: expect.stringMatching(/Spacelift builds this (?:family|line)/),
    });
  },
  180_000,
);

test('status of Azure: the line that ended is told, also offline', async () => {
  const line = '/communityGalleries/spacelift-40913cda-9bf9-4bcb-bf90-78fd83f30079/images/spacelift_worker_image';
  const dir = await configured('terraform-azure', ['--machine-image', line]);
  expect(await imagesOf(dir, 'terraform-azure', {}, '--offline')).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('no longer built (Spacelift has built another line since 2025-11-11'),
    command: `spacectl ami check ${line}`,
  });
}, 180_000);
