import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { poolFolder } from '../services/created-pool.ts';
import { type Ec2Image, startEc2 } from '../services/ec2.ts';
import { spacectl } from '../services/program.ts';

interface Thing {
  readonly id: string;
  readonly state: string;
  readonly evidence: string;
  readonly command?: string;
}

async function found(dir: string, env: Readonly<Record<string, string>> = {}): Promise<Record<string, Thing>> {
  const { stdout } = await spacectl(['status', dir, '--json'], { env });
  return Object.fromEntries(JSON.parse(String(stdout)).things.map((each: Thing) => [each.id, each]));
}

async function run(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await spacectl([...args, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(String(stdout));
}

const offline = ['--no-input', '--offline'] as const;

test('what a target that is no longer wanted has left is told by status and apply, and not removed', async () => {
  const dir = await poolFolder();
  await run('init', dir, ...offline, '--target', 'docker', '--target', 'ecs');
  expect((await found(dir))['docker']).toMatchObject({ state: 'good' });
  const file = path.join(dir, 'spacectl.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('    - docker\n', ''));
  const words = `${dir}/docker was rendered, but hosts.target in spacectl.yaml does not name docker. Remove it if no host uses it`;
  expect((await found(dir))['docker']).toEqual({
    id: 'docker',
    title: expect.anything(),
    state: 'unknown',
    evidence: words,
  });
  expect((await run('apply', dir)).notes).toContain(words);
  await rm(path.join(dir, 'docker'), { recursive: true });
  expect(await found(dir)).not.toHaveProperty('docker');
  expect((await run('apply', dir)).notes).not.toContain(words);
});

test('a target that is rendered by itself is recorded: status does not say that it was edited by hand', async () => {
  const dir = await poolFolder();
  await run('render', 'docker', '--dir', dir);
  // Without a record, a directory gets none.
  expect(await spacectl(['status', dir, '--json'])).toMatchObject({ exitCode: 10 });
  await expect(readFile(path.join(dir, 'spacectl.rendered.json'))).rejects.toThrow('ENOENT');
  await run('init', dir, ...offline, '--target', 'docker', '--target', 'systemd');
  await run('render', 'docker', '--dir', dir, '--env', 'A=b');
  const { docker, systemd } = await found(dir);
  expect(docker).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('would be rendered differently now'),
    command: `spacectl apply ${dir}`,
  });
  expect(systemd).toMatchObject({ state: 'good' });
  await writeFile(path.join(dir, 'docker/run.sh'), '# Rendered by spacectl, and mine\n');
  expect((await found(dir))['docker']?.evidence).toContain('docker/run.sh was edited after it was rendered');
});

test('render terraform takes the cloud of hosts.target, if there is one', async () => {
  const dir = await poolFolder();
  const file = path.join(dir, 'spacectl.yaml');
  const cloudOf = async (...more: readonly string[]) =>
    Object.values<{ cloud?: string }>((await run('render', 'terraform', '--dir', dir, '--dry-run', ...more)).facts)[0]
      ?.cloud;
  await writeFile(file, 'hosts: {target: [systemd, terraform-gcp]}\n');
  expect(await cloudOf()).toBe('gcp');
  expect(await cloudOf('--cloud', 'aws')).toBe('aws');
  for (const content of ['hosts: {target: [terraform-aws, terraform-gcp]}\n', 'hosts: {target: [systemd]}\n', '']) {
    await writeFile(file, content);
    const missing = await spacectl(['render', 'terraform', '--dir', dir, '--no-input']);
    expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Missing --cloud') });
  }
});

test('machine images are looked up at EC2: the one of spacectl.yaml, or those of a Terraform state', async () => {
  const DAY = 86_400_000;
  const image = (id: string, days: number): Ec2Image => {
    const createdAt = new Date(Math.floor((Date.now() - days * DAY) / 1000) * 1000);
    const name = `spacelift-${createdAt.getTime() / 1000}-x86_64`;
    const deprecatedAt = new Date(createdAt.getTime() + 364 * DAY);
    return { id, name, architecture: 'x86_64', owner: '1', createdAt, deprecatedAt };
  };
  const [fresh, old] = [image('ami-0000000000000001', 5), image('ami-0000000000000002', 400)] as const;
  const ec2 = await startEc2([fresh, old], { name: '', runs: [] });
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_EC2: ec2.url,
  };
  const dir = await poolFolder();
  const target = ['--target', 'terraform-aws', '--region', 'eu-west-1'];
  const init = ['init', dir, '--no-input', ...target, '--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP'];
  await run(...init, '--machine-image', fresh.id);
  const images = async () => (await found(dir, env))['terraform-aws-images'];
  expect(await images()).toMatchObject({ state: 'good', evidence: expect.stringContaining(fresh.name) });
  expect(ec2.actions).toEqual(['DescribeImages']);
  await run(...init, '--machine-image', old.id);
  expect(await images()).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('deprecated'),
    command: expect.stringContaining(`spacectl ami check ${old.id}`),
  });
  await run(...init, '--machine-image', 'ami-0000000000000009');
  expect(await images()).toMatchObject({ state: 'attention', evidence: expect.stringContaining('gone') });
  // A state that Terraform keeps beside the configuration says what hosts really run.
  const file = path.join(dir, 'spacectl.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/ *machine-image:.*\n/, ''));
  const template = { type: 'aws_launch_template', name: 'workers', instances: [{ attributes: { image_id: old.id } }] };
  const state = { version: 4, resources: [{ mode: 'managed', ...template }] };
  await writeFile(path.join(dir, 'terraform-aws/terraform.tfstate'), JSON.stringify(state));
  expect(await images()).toMatchObject({ state: 'attention', evidence: expect.stringContaining(old.name) });
  // Without credentials nothing is known, and no job fails for it.
  const without = await found(dir, { ...env, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  expect(without['terraform-aws-images']).toMatchObject({ state: 'unknown' });
}, 180_000);
