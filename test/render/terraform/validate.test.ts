// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to HCL is what is tested
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { spacectl } from '../../services/program.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { terraform, validateRootModule } from '../../services/terraform.ts';

const POOL = '01HCC6QZ932J7WDF4FTVM9QMEP';
const SSH = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8mZ1 admin@example.com';

/** Folders to copy, made once: key pair alone, and with a bundle. */
const made: { plain?: string; withCa?: string } = {};
const root = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
afterAll(() => rm(root, { recursive: true, force: true }));

beforeAll(async () => {
  const plain = path.join(root, 'plain');
  await spacectl(['keypair', 'generate', '--dir', plain, '--bits', '2048']);
  await writeFile(path.join(plain, 'admin.pub'), `${SSH}\n`);
  const withCa = path.join(root, 'with-ca');
  await cp(plain, withCa, { recursive: true });
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', withCa, '--ca', 'docs/example-ca.pem']);
  Object.assign(made, { plain, withCa });
});

async function poolFolder({ withCa }: { withCa: boolean }): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'build-eu');
  await cp((withCa ? made.withCa : made.plain) ?? '', dir, { recursive: true });
  return dir;
}

const existing = ['--worker-pool-id', POOL];
const inUs = ['--domain', 'us.spacelift.io'];
const spot = ['--spot', '--accept-spot-risk', '--spot-max-price', '0.05'];
const pool = ['--pool-name', 'a "b" ${c} %{d}\\', '--pool-label', 'x', '--pool-label', '${y}', '--pool-space', 'root'];

/** Every module release by every way that matters; `ca`: with a bundle in the folder. */
const CASES: readonly (readonly [version: string, title: string, flags: readonly string[]])[] = [
  [
    'aws-v7.1.0',
    'a pool of its own',
    ['--region', 'eu-west-1', '--subnet', 'subnet-0a1b2c3d', '--security-group', 'sg-0a1b2c3d'],
  ],
  ['aws-v7.1.0', 'an existing pool', existing],
  ['aws-v7.1.0', 'names that mean something to HCL', pool],
  ['aws-v7.1.0', 'arm64, autoscaler, refresh', ['--arch', 'arm64', '--autoscaler', '--instance-refresh']],
  ['aws-v7.1.0', 'ca: host, spot', spot],
  ['aws-v7.1.0', 'ca: s3, host trust', ['--ca-delivery', 's3', '--trust-on-host']],
  [
    'aws-v7.1.0',
    'self-hosted, US, further inputs',
    [
      ...inUs,
      ...existing,
      '--self-hosted-launcher',
      's3://bucket/spacelift-launcher',
      '--env',
      'HTTPS_PROXY=http://proxy:3128',
      '--module-input',
      'volume_size=80',
      '--module-input',
      'additional_tags={"a b": "${c}"}',
      '--machine-image',
      'ami-0a1b2c3d',
    ],
  ],
  ['aws-v6.0.3', 'a pool of its own', []],
  ['aws-v6.0.3', 'an existing pool, spot, autoscaler', [...existing, ...spot, '--autoscaler']],
  ['aws-v6.0.3', 'ca: host, arm64', ['--arch', 'arm64']],
  ['azure-v3.0.0', 'a pool of its own', []],
  [
    'azure-v3.0.0',
    'an existing pool, everything given',
    [
      ...existing,
      '--resource-group',
      'workers',
      '--key-vault',
      'secrets',
      '--subnet-id',
      '/subscriptions/1/x/subnets/y',
      '--admin-public-key',
      'DIR/admin.pub',
      ...inUs,
    ],
  ],
  ['azure-v3.0.0', 'autoscaler', ['--autoscaler']],
  ['azure-v3.0.0', 'ca: host', existing],
  ['azure-v3.0.0', 'ca: blob', ['--ca-delivery', 'blob']],
  ['gcp-v1.5.2', 'a pool of its own', ['--project', 'my-project', '--region', 'europe-west1']],
  ['gcp-v1.5.2', 'an existing pool', [...existing, ...inUs, '--subnetwork', 'workers']],
  ['gcp-v1.5.2', 'ca: host', []],
  ['gcp-v1.5.2', 'ca: gcs', ['--ca-delivery', 'gcs', '--pool-name', 'a name that is longer than an account may be']],
  ['gcp-v1.5.2', 'ca: inline', ['--ca-delivery', 'inline']],
];

describe.each(CASES)('%s', (version, title, flags) => {
  testWith(
    'terraform',
    'openssl',
    'shellcheck',
  )(`${title}: Terraform accepts it, and nothing secret is in it`, async () => {
    const dir = await poolFolder({ withCa: title.startsWith('ca: ') });
    const [cloud = '', release = ''] = version.split('-');
    const args = ['render', 'terraform', '--cloud', cloud, '--module-version', release, '--dir', dir, '--json'];
    const run = await spacectl([...args, ...flags.map((flag) => flag.replace('DIR', dir))]);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
    const folder = path.join(dir, `terraform-${cloud}`);
    await validateRootModule(folder, version);
    const key = (await readFile(path.join(dir, 'spacelift.key'))).toString('base64').slice(40, 120);
    for (const name of await readdir(folder)) {
      const text = await readFile(path.join(folder, name), 'utf8');
      expect(text).not.toContain(key);
      expect(text).not.toContain('PRIVATE KEY-----');
    }
    // What goes in front of the script is assigned by Terraform.
    await execa('shellcheck', ['-s', 'bash', '-e', 'SC2154', 'configuration.sh'], { cwd: folder });
  });
});

testWith('terraform')('the stand-in for a module refuses what the module does not have', async () => {
  const folder = await temporaryFolder();
  const rendered = path.join(folder, 'rendered');
  await mkdir(rendered);
  const text = 'module "workers" {\n  source = "github.com/x"\n\n  configuration = ""\n  size          = 1\n}\n';
  await writeFile(path.join(rendered, 'main.tf'), text);
  await expect(validateRootModule(rendered, 'azure-v3.0.0')).rejects.toThrow(
    /Unsupported argument|argument named "size"/,
  );
});

testWith('terraform')('the stand-in for a provider refuses what the provider does not have', async () => {
  const rendered = await temporaryFolder();
  await writeFile(path.join(rendered, 'main.tf'), 'resource "aws_s3_bucket" "b" {\n  buckt = "x"\n}\n');
  await expect(validateRootModule(rendered)).rejects.toThrow('buckt');
  expect((await terraform(rendered, 'fmt', '-check')).exitCode).toBe(0);
});
