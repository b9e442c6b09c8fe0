// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's references are what is tested
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const root = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
const pool = path.join(root, 'pool');
afterAll(() => rm(root, { recursive: true, force: true }));
beforeAll(async () => {
  await spacectl(['keypair', 'generate', '--dir', pool, '--bits', '2048']);
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', pool, '--ca', 'docs/example-ca.pem']);
});

const render = (cloud: string, ...flags: readonly string[]) =>
  spacectl(['render', 'terraform', '--cloud', cloud, '--dir', pool, ...flags]);

test.each([
  ['spot without the confirmation', 'aws', ['--spot'], 2, '--accept-spot-risk'],
  ['arm64 on an x86_64 instance type', 'aws', ['--arch', 'arm64', '--instance-type', 't3.small'], 2, 't4g.small'],
  ['x86_64 on a Graviton instance type', 'aws', ['--instance-type', 'c7gn.large'], 2, 'arm64'],
  ['arm64 on Azure, where the vendor has no image', 'azure', ['--vm-size', 'Standard_D2ps_v5'], 2, 'arm64'],
  ['arm64 on Google Cloud, where the vendor has no image', 'gcp', ['--machine-type', 't2a-standard-2'], 2, 'arm64'],
  ['a mistyped module input', 'aws', ['--module-input', 'volum_size=80'], 2, 'did you mean volume_size?'],
  ['a module input of another type', 'aws', ['--module-input', 'volume_size=big'], 2, 'takes a number, not "big"'],
  ['a mistyped name within a module input', 'aws', ['--module-input', 'byo_ssm={"nam":"x"}'], 2, 'did you mean name?'],
  [
    'a module input of v7 on v6',
    'aws',
    ['--module-version', '6.0.3', '--module-input', 'ca_bundle=x'],
    2,
    'no input ca_bundle',
  ],
  ['a module input that spacectl sets', 'aws', ['--module-input', 'min_size=3'], 2, 'sets this itself'],
  ['an unknown release', 'aws', ['--module-version', '5.0.0'], 2, 'v7.1.0, v6.0.3'],
  ["another cloud's object store", 'aws', ['--ca-delivery', 'gcs'], 2, 'there it is s3'],
  ['a whole bundle in EC2 user data', 'aws', ['--ca-delivery', 'inline'], 65, '16384'],
  ["a whole bundle in Azure's custom data", 'azure', ['--ca-delivery', 'inline'], 65, '65535'],
  ['a value that the module would mangle', 'aws', ['--env', 'GREETING="hi"'], 2, 'GREETING'],
  ['a pool id that is none', 'aws', ['--pool-id', '"${x}"'], 2, 'the id of a worker pool'],
  ['host trust on v6', 'aws', ['--module-version', '6.0.3', '--trust-on-host'], 2, 'v7.1'],
  ['fewer at most than at least', 'aws', ['--min-size', '9'], 2, '--max-size 5'],
  ['FedRAMP', 'gcp', ['--environment', 'fedramp'], 2, 'render ansible'],
  ['a private key for a public one', 'azure', ['--admin-public-key', path.join(pool, 'spacelift.key')], 65, '.pub'],
] as const)('%s is refused, and nothing is written', async (_title, cloud, flags, exitCode, message) => {
  const run = await render(cloud, ...flags);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode });
  expect(run.stderr).toContain(message);
  expect((await readdir(pool)).filter((name) => name.startsWith('terraform'))).toEqual([]);
});

test('a pool cannot be created without a request', async () => {
  const run = await spacectl(['render', 'terraform', '--cloud', 'aws', '--dir', await temporaryFolder()]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('spacectl keypair generate');
});

test('a FedRAMP token is heeded, and a launcher in S3 is the way out', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await cp(pool, dir, { recursive: true });
  const key = path.join(dir, 'spacelift.key');
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key, endpoint: 'x.fedramp.spacelift.io' }));
  const args = ['render', 'terraform', '--cloud', 'aws', '--dir', dir];
  expect((await spacectl(args)).stderr).toContain('--self-hosted-launcher');
  expect((await spacectl([...args, '--self-hosted-launcher', 's3://bucket/launcher'])).exitCode).toBe(0);
});

test('warnings: too small, autoscaler with a minimum, refresh without draining, spot', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await cp(pool, dir, { recursive: true });
  const args = ['render', 'terraform', '--cloud', 'aws', '--dir', dir, '--json', '--dry-run'];
  const warningsOf = async (...flags: readonly string[]) =>
    JSON.parse(String((await spacectl([...args, ...flags])).stdout)).warnings.join('\n');
  expect(await warningsOf('--instance-type', 't3.micro')).toContain('less than the 2 GB');
  expect(await warningsOf('--autoscaler', '--min-size', '1')).toContain('--min-size above 0');
  expect(await warningsOf('--instance-refresh')).toContain('nothing drains');
  expect(await warningsOf('--spot', '--accept-spot-risk')).toContain("two minutes' notice");
});

test('the boot script puts the custom certificates and the updater on the host, and mounts what it builds', async () => {
  const [dir, host] = [path.join(await temporaryFolder(), 'pool'), await temporaryFolder()];
  await cp(pool, dir, { recursive: true });
  const flags = ['--env', 'SPACELIFT_WORKER_EXTRA_MOUNTS=/data:/data', '--json'];
  const run = await spacectl(['render', 'terraform', '--cloud', 'aws', '--dir', dir, ...flags]);
  const { bootScript } = JSON.parse(String(run.stdout)).facts.terraformAws;
  const script = await readFile(path.join(dir, 'terraform-aws/configuration.sh'), 'utf8');
  expect(bootScript).toMatchObject({ bytes: Buffer.byteLength(script), limit: 16_384 });
  expect(bootScript.bytes).toBeLessThan(8192);
  // Programs of a real host, as stand-ins that say how they were called; the paths of a real host, in a folder.
  await writeFile(path.join(host, 'systemctl'), `#!/bin/sh\necho "systemctl $*" >>'${host}/calls'\n`, { mode: 0o755 });
  const local = script
    .replaceAll('/etc/spacelift/custom-ca.crt', `${host}/custom-ca.crt`)
    .replaceAll('/usr/local/sbin', host)
    .replaceAll('mkdir -p /etc/spacelift ', 'mkdir -p ')
    .replace(/^\S+\/spacelift-update-ca-bundle$/m, (updater) => `sh -n ${updater}\necho built`);
  const boot = await execa('bash', ['-c', `set -e\n${local}\necho "$SPACELIFT_WORKER_EXTRA_MOUNTS"`], {
    env: { PATH: `${host}:${process.env['PATH']}` },
  });
  expect(boot.stdout).toBe('built\n/etc/spacelift/custom-ca-bundle.crt:/etc/ssl/certs/ca-certificates.crt,/data:/data');
  expect(await readFile(path.join(host, 'calls'), 'utf8')).toBe('systemctl start docker\n');
  const certificates = await readFile(path.join(host, 'custom-ca.crt'), 'utf8');
  const fingerprint = (pem: string) => execa('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: pem });
  const example = await readFile('docs/example-ca.pem', 'utf8');
  expect((await fingerprint(certificates)).stdout).toBe((await fingerprint(example)).stdout);
  expect((await stat(path.join(host, 'spacelift-update-ca-bundle'))).mode & 0o111).not.toBe(0);
  const updater = await readFile(path.join(host, 'spacelift-update-ca-bundle'), 'utf8');
  expect(updater).toContain("mounts='/etc/spacelift/custom-ca-bundle.crt:/etc/ssl/certs/ca-certificates.crt'");
});
