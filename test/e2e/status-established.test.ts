import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { poolFolder } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';
import { sliceOf } from '../services/slice.ts';

interface Thing {
  readonly id: string;
  readonly state: string;
  readonly evidence: string;
  readonly command?: string;
}

async function statusOf(dir: string, env: Readonly<Record<string, string>> = { SPACELIFT_CONFIG_DIR: dir }) {
  const { stdout, exitCode } = await spacectl(['status', dir, '--json'], { env });
  const things: readonly Thing[] = JSON.parse(String(stdout)).things;
  return { exitCode, found: Object.fromEntries(things.map((each) => [each.id, each])) };
}

async function rendered(target: string): Promise<string> {
  const dir = await poolFolder();
  expect(await spacectl(['init', dir, '--no-input', '--offline', '--target', target])).toMatchObject({ exitCode: 0 });
  return dir;
}

test.each(sliceOf(['terraform-aws', 'terraform-azure', 'terraform-gcp', 'ecs'], 1))(
  'variables of %s without a value are to do until a file sets them; what was applied elsewhere is unknown',
  async (target) => {
    const dir = await rendered(target);
    const folder = path.join(dir, target);
    const fresh = await statusOf(dir);
    expect(fresh.exitCode).toBe(10);
    expect(fresh.found[`${target}-variables`]).toMatchObject({ state: 'attention', command: `spacectl init ${dir}` });
    expect(fresh.found[`${target}-state`]).toMatchObject({ state: 'unknown' });
    await copyFile(path.join(folder, 'terraform.tfvars.example'), path.join(folder, 'terraform.tfvars'));
    await writeFile(path.join(folder, 'terraform.tfstate'), '{"version": 4, "resources": [{}, {}]}');
    const { exitCode, found } = await statusOf(dir);
    expect(found[`${target}-variables`]).toMatchObject({ state: 'good' });
    expect(found[`${target}-state`]).toMatchObject({ state: 'good', evidence: expect.stringContaining('2 resources') });
    expect(exitCode).toBe(0);
    await writeFile(path.join(folder, 'terraform.tfstate'), '{"version": 4, "resources": []}');
    expect((await statusOf(dir)).found[`${target}-state`]).toMatchObject({ state: 'unknown' });
    await writeFile(path.join(folder, 'terraform.tfstate'), '{');
    expect((await statusOf(dir)).found[`${target}-state`]?.evidence).toContain('cannot be read');
    await rm(path.join(folder, 'terraform.tfstate'));
    await mkdir(path.join(folder, '.terraform'));
    await writeFile(path.join(folder, '.terraform/terraform.tfstate'), '{}');
    expect((await statusOf(dir)).found[`${target}-state`]?.evidence).toContain('in a backend');
  },
);

test('a value in the environment or in JSON counts as set', async () => {
  const dir = await rendered('terraform-aws');
  await writeFile(
    path.join(dir, 'terraform-aws/a.auto.tfvars.json'),
    '{"region": "eu-west-1", "subnets": ["subnet-1"]}',
  );
  const { found } = await statusOf(dir);
  expect(found['terraform-aws-variables']?.evidence).toMatch(/^security_groups: no value yet/);
  const env = { SPACELIFT_CONFIG_DIR: dir, TF_VAR_security_groups: '["sg-1"]' };
  expect((await statusOf(dir, env)).found['terraform-aws-variables']).toMatchObject({ state: 'good' });
});

test('no second pool is recommended where a rendered configuration creates it', async () => {
  const dir = await poolFolder();
  expect(await spacectl(['render', 'ecs', '--dir', dir])).toMatchObject({ exitCode: 0 });
  const { exitCode, found } = await statusOf(dir);
  expect(found['pool']).toMatchObject({
    state: 'none',
    evidence: 'the Terraform configuration in ecs creates it',
  });
  expect(found['pool']).not.toHaveProperty('command');
  expect(exitCode).toBe(0);
});

test('without credentials, status says to log in, and names the way without an API key', async () => {
  const dir = await poolFolder();
  const { pool } = (await statusOf(dir)).found;
  expect(pool).toMatchObject({ state: 'attention', command: 'spacectl profile login ALIAS' });
  expect(pool?.evidence).toContain(`${dir}/spacelift.csr`);
  await writeFile(path.join(dir, 'spacectl.yaml'), 'account: {api-endpoint: https://acme.app.spacelift.io}\n');
  expect((await statusOf(dir)).found['pool']?.command).toMatch(/^spacectl workerpool create /);
});

test('a token that cannot be read is to do, names its file, and is not drawn as a pool that runs jobs', async () => {
  const dir = await poolFolder();
  const file = path.join(dir, 'worker-pool.config');
  await writeFile(path.join(dir, 'spacectl.yaml'), 'hosts: {target: [docker]}\n');
  await writeFile(file, 'garbage\n');
  const broken = await statusOf(dir);
  expect(broken.exitCode).toBe(10);
  expect(broken.found['token']).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('worker-pool.config is not a worker pool token'),
    command: `mv ${file} ${file}.old`,
  });
  expect(await spacectl(['apply', dir])).toMatchObject({
    exitCode: 65,
    stderr: expect.stringContaining(`${file} is not`),
  });
  await writeFile(file, Buffer.from('{}').toString('base64'));
  expect((await statusOf(dir)).found['token']).toMatchObject({ state: 'unknown' });
  const { stdout } = await spacectl(['init', dir, '--no-input', '--offline', '--target', 'docker']);
  expect(stdout).toContain('once deployed');
  expect(stdout).not.toContain('runs your jobs');
});
