import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
const offline = (dir: string, ...more: readonly string[]) =>
  ['init', '--no-input', '--offline', '--dir', dir, '--ca', EXAMPLE_CA, '--bits', '2048', ...more] as const;

test('init without a token makes all it can, changes nothing when run again, and adds the secrets once there is a token', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const targets = ['--target', 'systemd', '--target', 'cloud-init'];
  const first = await spacectl(offline(dir, ...targets));
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toContain('Mozilla roots of Node');
  expect(first.stdout).toContain('Create the pool in Spacelift');
  const before = await snapshot(dir);
  expect(Object.keys(before)).not.toContain('systemd/secrets.env');
  const again = await spacectl(offline(dir, ...targets, '--json'));
  const statuses = JSON.parse(String(again.stdout)).changes.map(({ status }: { status: string }) => status);
  expect(new Set(statuses)).toEqual(new Set(['unchanged']));
  expect(await snapshot(dir)).toEqual(before);

  await writeFile(
    path.join(dir, 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEP.config'),
    await makeToken({ key: path.join(dir, 'spacelift.key') }),
  );
  const third = await spacectl(offline(dir, ...targets));
  expect(third.exitCode).toBe(0);
  const after = await snapshot(dir);
  expect(after).toMatchObject(before);
  const secrets = await readFile(path.join(dir, 'systemd/secrets.env'), 'utf8');
  const key = await readFile(path.join(dir, 'spacelift.key'));
  expect(secrets).toContain(`SPACELIFT_POOL_PRIVATE_KEY=${key.toString('base64')}\n`);
  expect(after['systemd/secrets.env']).toMatch(/^600 /);

  // A token that was downloaded later is not used unasked; one that is given takes the place of the old, which is kept.
  const download = path.join(dir, 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEQ.config');
  const old = await readFile(path.join(dir, 'worker-pool.config'), 'utf8');
  await writeFile(download, Buffer.from(JSON.stringify({ broker: { endpoint: 'b' } })).toString('base64'));
  const warned = JSON.parse(String((await spacectl([...offline(dir), '--json'])).stdout));
  expect(warned.warnings).toContainEqual(expect.stringContaining(`${download} is newer than`));
  expect((await spacectl(offline(dir, '--token-file', download))).exitCode).toBe(0);
  const [backup = ''] = (await readdir(dir)).filter((name) => /^worker-pool\.config\.\d/.test(name));
  expect(await readFile(path.join(dir, backup), 'utf8')).toBe(old);
  expect(`${third.stdout}${third.stderr}`).not.toContain(key.toString('base64').slice(0, 40));
});

test('a token for another key is refused before anything is written', async () => {
  const [dir, other] = [await temporaryFolder(), await temporaryFolder()];
  await putKeyPair(dir);
  await putKeyPair(other, 'strange');
  const file = path.join(other, 'token');
  await writeFile(file, await makeToken({ key: path.join(other, 'spacelift.key') }));
  const before = await snapshot(dir);
  const { exitCode, stderr } = await spacectl(offline(dir, '--token-file', file));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 65 });
  expect(stderr).toContain('was not made for the key');
  expect(await snapshot(dir)).toEqual(before);
  const verified = await spacectl(['keypair', 'verify', '--dir', dir, '--token-file', file, '--json']);
  expect(verified.exitCode).toBe(10);
  expect(JSON.parse(String(verified.stdout))).toMatchObject({
    belongTogether: false,
    findings: [{}, { part: 'token' }],
  });
  expect((await spacectl(['keypair', 'verify', '--dir', other, '--token-file', file])).exitCode).toBe(0);
});

test('a FedRAMP token makes the host download the FedRAMP launcher, and asks where it polls', async () => {
  const dir = await temporaryFolder();
  await putKeyPair(dir);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key'), endpoint: 'worker-iot.fedramp.spacelift.io' });
  const before = await snapshot(dir);
  const refused = await spacectl(offline(dir), { env: { SPACECTL_TOKEN: token } });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('Missing --worker-comms-url');
  expect(await snapshot(dir)).toEqual(before);
  const env = { SPACECTL_TOKEN: token, SPACECTL_WORKER_COMMS_URL: 'https://spacelift.example.gov/' };
  const { exitCode } = await spacectl(offline(dir), { env });
  expect(exitCode).toBe(0);
  expect(await readFile(path.join(dir, 'systemd/launcher.env'), 'utf8')).toContain(
    'SPACELIFT_WORKER_COMMS_PROTOCOL=poll\nSPACELIFT_WORKER_COMMS_URL=https://spacelift.example.gov\n',
  );
  expect(await readFile(path.join(dir, 'systemd/spacelift-update-launcher'), 'utf8')).toContain("variant='-fedramp'");
});

test('a dry run prints the plan and makes nothing, not even the folder', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const { exitCode, stdout } = await spacectl(offline(dir, '--dry-run'));
  expect(exitCode).toBe(0);
  expect(stdout).toContain('create ');
  await expect(stat(dir)).rejects.toThrow('ENOENT');
});

test('flags, environment and answers file give identical files', async () => {
  const folder = await temporaryFolder();
  const dirs = ['flags', 'environment', 'file'].map((name) => path.join(folder, name));
  const [flags, environment, file] = dirs as [string, string, string];
  await putKeyPair(flags);
  for (const dir of [environment, file]) await execa('cp', ['-a', flags, dir]);
  const env = {
    SPACECTL_OFFLINE: 'true',
    SPACECTL_BITS: '2048',
    SPACECTL_CA: EXAMPLE_CA,
    SPACECTL_ENV: 'SPACELIFT_DEBUG=true\nA=b c',
  };
  const answers = path.join(folder, 'answers.yaml');
  await writeFile(
    answers,
    `pool: {offline: true}\nkey: {bits: 2048}\nbundle: {ca: [${EXAMPLE_CA}]}\nhosts: {env: [SPACELIFT_DEBUG=true, A=b c]}\n`,
  );
  await spacectl(offline(flags, '--env', 'SPACELIFT_DEBUG=true', '--env', 'A=b c'));
  await spacectl(['init', '--dir', environment], { env });
  await spacectl(['init', '--dir', file, '--answers', answers]);
  expect(await snapshot(environment)).toEqual(await snapshot(flags));
  expect(await snapshot(file)).toEqual(await snapshot(flags));
});

test('a file that spacectl did not make is kept, unless --force says otherwise', async () => {
  const dir = await temporaryFolder();
  await mkdir(path.join(dir, 'systemd'));
  const unit = path.join(dir, 'systemd/spacelift-launcher.service');
  await writeFile(unit, '[Unit]\n');
  const refused = await spacectl(offline(dir));
  expect(refused.exitCode).toBe(73);
  expect(await readFile(unit, 'utf8')).toBe('[Unit]\n');
  expect(await readdir(dir)).toEqual(['systemd']);
  expect((await spacectl(offline(dir, '--force'))).exitCode).toBe(0);
  expect(await readFile(unit, 'utf8')).toContain('Rendered by spacectl');
});

testWith('cloud-init')(
  'the cloud-init document passes the schema and holds the installer; with secrets, only its owner may read it',
  async () => {
    const dir = await temporaryFolder();
    await putKeyPair(dir);
    const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
    const run = () =>
      spacectl(offline(dir, '--target', 'cloud-init', '--embed-secrets'), { env: { SPACECTL_TOKEN: token } });
    expect((await run()).exitCode).toBe(0);
    const file = path.join(dir, 'cloud-init.yaml');
    const schema = await execa('cloud-init', ['schema', '--config-file', file], { all: true, reject: false });
    expect(schema.all).toContain('Valid cloud-config');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const document = parse(await readFile(file, 'utf8'));
    const names = document.write_files.map((each: { path: string }) => path.basename(each.path));
    expect(names).toEqual(expect.arrayContaining(['install.sh', 'token.json', 'spacelift.key', 'custom-ca.crt']));
    expect(names).not.toContain('custom-ca-bundle.crt');
    expect(document.runcmd).toEqual([['sh', '/run/spacectl/first-boot.sh']]);
  },
);

test('a document that does not fit is refused with its size, the limit and a way out', async () => {
  const dir = await temporaryFolder();
  const { exitCode, stdout } = await spacectl(
    offline(dir, '--target', 'cloud-init', '--cloud', 'ec2', '--ca-strategy', 'inline', '--json'),
  );
  expect(exitCode).toBe(65);
  const { error } = JSON.parse(String(stdout));
  expect(error).toMatchObject({
    code: 'SPACECTL_TOO_LARGE',
    message: expect.stringMatching(/\d+ bytes; ec2 accepts at most 16384/),
  });
  expect(await readdir(dir)).toEqual([]);
});

test('init that is interrupted ends with 130, and the same command finishes', async () => {
  const dir = await temporaryFolder();
  const process_ = spacectl(['init', '--no-input', '--offline', '--dir', dir, '--ca', EXAMPLE_CA]);
  process_.stderr?.on('data', (data: Buffer) => {
    if (String(data).includes('Write the key pair')) process_.kill('SIGINT');
  });
  const { exitCode, signal } = await process_;
  // A key that takes longer than the program is willing to wait ends by the signal itself: a shell shows 130 for both.
  expect(signal === 'SIGINT' ? 130 : exitCode).toBe(130);
  expect((await readdir(dir)).filter((name) => name.includes('tmp'))).toEqual([]);
  expect((await spacectl(offline(dir))).exitCode).toBe(0);
});

test('files for hosts are rendered with the token under the name it was downloaded as', async () => {
  const dir = await temporaryFolder();
  await putKeyPair(dir);
  const download = path.join(dir, 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEP.config');
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  await writeFile(download, token);
  const { exitCode } = await spacectl(['render', 'systemd', '--dir', dir]);
  expect(exitCode).toBe(0);
  expect(await readFile(path.join(dir, 'systemd/secrets.env'), 'utf8')).toContain(`SPACELIFT_TOKEN=${token.trim()}\n`);
  await writeFile(path.join(dir, 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEQ.config'), token);
  const several = await spacectl(['render', 'systemd', '--dir', dir]);
  expect(several.exitCode).toBe(2);
  expect(several.stderr).toContain('several tokens');
});
