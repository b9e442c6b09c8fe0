import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
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

test('render terraform that is refused ends with an error and writes nothing', async () => {
  const run = await render('aws', '--spot');
  expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--accept-spot-risk') });
  expect((await readdir(pool)).filter((name) => name.startsWith('terraform'))).toEqual([]);
});

test('a pool cannot be created without a request', async () => {
  const run = await spacectl(['render', 'terraform', '--cloud', 'aws', '--dir', await temporaryFolder()]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('spacectl keypair generate');
});

test('with a FedRAMP token, --worker-comms-url has to be given', async () => {
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

test('the boot script carries the custom certificates and the updater, and mounts what it builds', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await cp(pool, dir, { recursive: true });
  const flags = ['--env', 'SPACELIFT_WORKER_EXTRA_MOUNTS=/data:/data', '--json'];
  const run = await spacectl(['render', 'terraform', '--cloud', 'aws', '--dir', dir, ...flags]);
  const { bootData } = JSON.parse(String(run.stdout)).facts.terraformAws;
  const script = await readFile(path.join(dir, 'terraform-aws/configuration.sh'), 'utf8');
  expect(bootData).toMatchObject({ configuration: Buffer.byteLength(script), limit: 16_384, isEstimate: false });
  expect(bootData.bytes).toBeLessThan(12_288);
  const mount = '/etc/spacelift/custom-ca-bundle.crt:/etc/ssl/certs/ca-certificates.crt';
  expect(script).toContain(`export SPACELIFT_WORKER_EXTRA_MOUNTS='${mount},/data:/data'`);
  // What it does is tried by booting it (boot.test.ts); here, that what it unpacks is what was put in.
  const packed = [...script.matchAll(/^printf %s '(\S+)' \| base64 -d \| gzip -d/gm)].map(([, text = '']) =>
    gunzipSync(Buffer.from(text, 'base64')).toString(),
  );
  expect(packed).toHaveLength(2);
  const [certificates = '', updater = ''] = packed;
  const fingerprint = (pem: string) => execa('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: pem });
  const example = await readFile('docs/example-ca.pem', 'utf8');
  expect((await fingerprint(certificates)).stdout).toBe((await fingerprint(example)).stdout);
  expect(updater).toContain(`mounts='${mount}'`);
});
