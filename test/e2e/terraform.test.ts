import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const root = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
const pool = path.join(root, 'pool');
afterAll(() => rm(root, { recursive: true, force: true }));
beforeAll(async () => {
  await putKeyPair(pool);
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', pool, '--ca', 'docs/example-ca.pem']);
});

const render = (cloud: string, ...flags: readonly string[]) =>
  spacectl(['render', 'terraform', '--cloud', cloud, '--dir', pool, ...flags]);

test('what is refused is refused by the command line as well, and nothing is written', async () => {
  const run = await render('aws', '--spot');
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--accept-spot-risk') });
  expect((await readdir(pool)).filter((name) => name.startsWith('terraform'))).toEqual([]);
});

test('a pool cannot be created without a request', async () => {
  const run = await spacectl(['render', 'terraform', '--cloud', 'aws', '--dir', await temporaryFolder()]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('spacectl keypair generate');
});

test('a FedRAMP token is understood: what its workers poll has to be given', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await cp(pool, dir, { recursive: true });
  const key = path.join(dir, 'spacelift.key');
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key, endpoint: 'x.fedramp.spacelift.io' }));
  const args = ['render', 'terraform', '--cloud', 'aws', '--dir', dir];
  expect(await spacectl(args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--worker-comms-url') });
  const url = 'https://acme.fedramp.spacelift.example';
  expect((await spacectl([...args, '--worker-comms-url', url])).exitCode).toBe(0);
  expect(await readFile(path.join(dir, 'terraform-aws/configuration.sh'), 'utf8')).toContain(
    `export SPACELIFT_WORKER_COMMS_URL='${url}'`,
  );
});

test('the boot script puts the custom certificates and the updater on the host, and mounts what it builds', async () => {
  const [dir, host] = [path.join(await temporaryFolder(), 'pool'), await temporaryFolder()];
  await cp(pool, dir, { recursive: true });
  const flags = ['--env', 'SPACELIFT_WORKER_EXTRA_MOUNTS=/data:/data', '--json'];
  const run = await spacectl(['render', 'terraform', '--cloud', 'aws', '--dir', dir, ...flags]);
  const { bootData } = JSON.parse(String(run.stdout)).facts.terraformAws;
  const script = await readFile(path.join(dir, 'terraform-aws/configuration.sh'), 'utf8');
  expect(bootData).toMatchObject({ configuration: Buffer.byteLength(script), limit: 16_384, isEstimate: false });
  expect(bootData.bytes).toBeLessThan(12_288);
  // Programs of a real host, as stand-ins that say how they were called; the paths of a real host, in a folder.
  await writeFile(path.join(host, 'systemctl'), `#!/bin/sh\necho "systemctl $*" >>'${host}/calls'\n`, { mode: 0o755 });
  const local = script
    .replaceAll('/etc/spacelift/custom-ca.crt', `${host}/custom-ca.crt`)
    .replaceAll('/usr/local/sbin', host)
    .replaceAll('mkdir -p /etc/spacelift ', 'mkdir -p ')
    .replace(/^\S+\/spacelift-update-ca-bundle$/m, (updater) => `sh -n ${updater}\necho built`);
  const inFunction = `setup() {\n${local}\n}\nsetup && echo "$SPACELIFT_WORKER_EXTRA_MOUNTS"`;
  const boot = await execa('bash', ['-c', inFunction], {
    env: { SPACELIFT_TOKEN: 'dG9rZW4=', SPACELIFT_POOL_PRIVATE_KEY: 'a2V5', PATH: `${host}:${process.env['PATH']}` },
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
