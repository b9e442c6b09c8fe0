import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatCount } from '../../src/core/text.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

let pool: string;

/** A key, a token and a bundle for all tests. */
beforeAll(async () => {
  pool = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
  await spacectl(['ca-bundle', 'build', '--offline', '--dir', pool, '--ca', 'docs/example-ca.pem']);
  await putKeyPair(pool);
  const token = Buffer.from(JSON.stringify({ broker: { endpoint: 'worker-iot.spacelift.io' } })).toString('base64');
  await writeFile(path.join(pool, 'worker-pool.config'), token);
});
afterAll(() => rm(pool, { recursive: true }));

async function render(...flags: readonly string[]) {
  const dir = await temporaryFolder();
  await cp(pool, dir, { recursive: true });
  const run = await spacectl(['render', 'cloud-init', '--dir', dir, '--json', ...flags]);
  return {
    dir,
    exitCode: run.exitCode,
    document: JSON.parse(String(run.stdout)),
    at: (name: string) => path.join(dir, name),
  };
}

testWith('cloud-init').each(['plain', 'ec2', 'azure', 'gcp', 'openstack'])(
  'on %s the document is valid and fits, and is the same compressed and when rendered again',
  async (cloud) => {
    const { at, dir, document, exitCode } = await render('--cloud', cloud);
    expect(exitCode).toBe(0);
    const schema = await execa('cloud-init', ['schema', '--config-file', at('cloud-init.yaml')], {
      reject: false,
      all: true,
    });
    expect(schema.all).toContain('Valid cloud-config');
    const text = await readFile(at('cloud-init.yaml'));
    const isPacked = cloud === 'ec2' || cloud === 'azure' || cloud === 'openstack';
    if (isPacked) expect(gunzipSync(await readFile(at('cloud-init.yaml.gz')))).toEqual(text);
    else await expect(stat(at('cloud-init.yaml.gz'))).rejects.toThrow('ENOENT');
    const size = (await stat(at(isPacked ? 'cloud-init.yaml.gz' : 'cloud-init.yaml'))).size;
    expect(document.notes).toContainEqual(expect.stringContaining(`has ${formatCount(size)} bytes`));
    expect(text.toString()).not.toContain('SPACELIFT_POOL_PRIVATE_KEY=');
    const again = await spacectl(['render', 'cloud-init', '--dir', dir, '--cloud', cloud, '--json']);
    const statuses = JSON.parse(String(again.stdout)).changes.map((change: { status: string }) => change.status);
    expect(new Set(statuses)).toEqual(new Set(['unchanged']));
  },
);

testWith('shellcheck')('scripts in the document have no comments, and ShellCheck accepts them', async () => {
  const flags = ['--cloud', 'ec2', '--embed-secrets', '--on-failure', 'poweroff', '--recycle', '--logs', 'files'];
  const { at } = await render(...flags);
  const { write_files: entries } = parse(await readFile(at('cloud-init.yaml'), 'utf8'));
  const scripts = (entries as { path: string; content: string }[]).filter(({ content }) => content.startsWith('#!'));
  const names = scripts.map(({ path: file }) => path.basename(file));
  expect(names).toEqual(expect.arrayContaining(['first-boot.sh', 'install.sh', 'spacelift-worker-check']));
  for (const { path: file, content } of scripts) {
    await writeFile(at(path.basename(file)), content);
    expect(content.match(/^\s*#.*/gm)).toEqual(['#!/bin/sh', '# Rendered by spacectl.']);
  }
  // Comments tell ShellCheck of lists of words, of sourced files and of GraphQL's variables.
  await execa('shellcheck', ['--severity=warning', '--exclude=SC1090,SC1091,SC2046,SC2086,SC2016', ...names], {
    cwd: at(''),
  });
});

test('secrets are in the document only with --embed-secrets, and then only the owner may read it', async () => {
  const { at } = await render('--cloud', 'ec2', '--embed-secrets');
  expect(await readFile(at('cloud-init.yaml'), 'utf8')).toContain('SPACELIFT_POOL_PRIVATE_KEY=');
  for (const name of ['cloud-init.yaml', 'cloud-init.yaml.gz']) expect((await stat(at(name))).mode & 0o777).toBe(0o600);
  const both = await render('--embed-secrets', '--secrets-from', 'aws-ssm:/pool');
  expect(both).toMatchObject({ exitCode: 2, document: { error: { code: 'SPACECTL_BAD_INPUT' } } });
});

test.each([
  ['ec2', '--https-proxy', 'http://user:hunter2@proxy:3128'],
  ['plain', '--env', 'HTTPS_PROXY=http://user:hunter2@proxy:3128'],
])('a proxy with a password makes the document a secret: %s %s', async (cloud, ...flags) => {
  const { at, document } = await render('--cloud', cloud, ...flags);
  expect(await readFile(at('cloud-init.yaml'), 'utf8')).toContain('hunter2');
  for (const name of ['cloud-init.yaml', ...(cloud === 'ec2' ? ['cloud-init.yaml.gz'] : [])])
    expect((await stat(at(name))).mode & 0o777).toBe(0o600);
  expect(document.warnings).toContainEqual(expect.stringContaining('holds a password'));
});

test('a document with secrets from an earlier run is named', async () => {
  const { at, dir } = await render('--cloud', 'ec2', '--embed-secrets');
  const flags = ['--cloud', 'gcp', '--secrets-from', 'gcp-secretmanager:projects/p/secrets/s'];
  const { stdout } = await spacectl(['render', 'cloud-init', '--dir', dir, '--json', ...flags]);
  const left = at('cloud-init.yaml.gz');
  expect(JSON.parse(String(stdout)).warnings).toContainEqual(expect.stringContaining(`rm ${left}`));
});

test('without a token, the next steps do not name a file that does not exist', async () => {
  const dir = await temporaryFolder();
  for (const flags of [[], ['--secrets-from', 'aws-ssm:/pool']]) {
    const { stdout } = await spacectl(['render', 'cloud-init', '--dir', dir, '--json', ...flags]);
    const { next, warnings } = JSON.parse(String(stdout));
    expect(JSON.stringify(next)).not.toContain('secrets.env');
    expect(warnings).toContainEqual(expect.stringContaining(`No pool token in ${dir}`));
  }
});

test('where the host fetches them, the document names the place, and the file to store is written', async () => {
  const { at } = await render('--cloud', 'azure', '--secrets-from', 'azure-keyvault:my-vault/pool');
  const { write_files: files } = parse(await readFile(at('cloud-init.yaml'), 'utf8'));
  const script = files.find((file: { path: string }) => file.path.endsWith('spacelift-fetch-secrets'));
  expect(script.content).toContain("name='my-vault/pool'");
  const metadata = files.find((file: { path: string }) => file.path.endsWith('spacelift-instance-metadata'));
  expect(metadata.content).toContain('/metadata/instance/compute/');
  expect((await stat(at('secrets.env'))).mode & 0o777).toBe(0o600);
});

test('a bundle that is larger than user data may be ends with 65 and a suggestion, and nothing is written', async () => {
  for (const cloud of ['ec2', 'azure', 'openstack']) {
    const { dir, document, exitCode } = await render('--cloud', cloud, '--ca-strategy', 'inline');
    expect(exitCode).toBe(65);
    expect(document.error.message).toMatch(new RegExp(`\\d+ bytes; ${cloud} accepts at most \\d+`));
    expect(document.error.suggestions[0].text).toContain('--ca-strategy host');
    expect(await readdir(dir)).not.toContain('cloud-init.yaml');
  }
});

test('a bundle whose company certificates are unknown is shipped whole or not at all', async () => {
  const dir = await temporaryFolder();
  await cp(pool, dir, { recursive: true });
  await rm(path.join(dir, 'custom-ca-bundle.lock.json'));
  const render = (...flags: readonly string[]) => spacectl(['render', 'cloud-init', '--dir', dir, ...flags]);
  expect(await render()).toMatchObject({ exitCode: 65, stderr: expect.stringContaining('which certificates') });
  expect(await render('--ca-strategy', 'inline')).toMatchObject({ exitCode: 0 });
});
