import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { validate } from '../services/json-schema.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { EXAMPLE_CA } from '../services/wizard.ts';

const POOL_ID = '01HCC6QZ932J7WDF4FTVM9QMEP';
const AWS = ['--target', 'terraform-aws', '--arch', 'amd64', '--subnet', 'subnet-0a1b2c3d'];
const GIVEN = [
  ...['--offline', '--bits', '2048', '--ca', 'corp.pem', '--pool-id', POOL_ID, '--target', 'systemd', '--recycle'],
  ...[...AWS, '--target', 'terraform-gcp', '--project', 'my-project', '--env', 'A=1.10', '--no-cache'],
];

/** A pool's folder with much in it, and what its file says. */
async function poolFolder(...more: readonly string[]) {
  const cwd = await temporaryFolder();
  await copyFile(EXAMPLE_CA, path.join(cwd, 'corp.pem'));
  const made = await spacectl(['init', 'pool', '--no-input', ...GIVEN, ...more], { cwd });
  expect(made).toMatchObject({ exitCode: 0 });
  const dir = path.join(cwd, 'pool');
  return {
    cwd,
    dir,
    file: path.join(dir, 'spacectl.yaml'),
    text: await readFile(path.join(dir, 'spacectl.yaml'), 'utf8'),
  };
}

test('init saves what was given and no default; apply then makes the same files again, wherever it is run', async () => {
  const { cwd, dir, text } = await poolFolder();
  expect(text).toMatchSnapshot();
  const made = await snapshot(dir);
  const kept = ['spacelift.key', 'spacelift.csr', 'spacectl.yaml'];
  for (const name of await readdir(dir)) if (!kept.includes(name)) await rm(path.join(dir, name), { recursive: true });
  expect(await spacectl(['apply', 'pool'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await snapshot(dir)).toEqual(made);
  // Without a name in the folder itself, and by init.
  for (const args of [['apply'], ['init', '--no-input'], ['init', '--no-input', '--dir', dir]]) {
    const again = await spacectl([...args, '--json'], { cwd: dir });
    expect(again.exitCode).toBe(0);
    const changed = JSON.parse(String(again.stdout)).changes.filter(
      ({ status }: { status: string }) => status !== 'unchanged',
    );
    expect(changed.filter((each: { path: string }) => !each.path.endsWith('README.md'))).toEqual([]);
  }
});

test('one file serves every command, below flags and variables; a key of the one target is not the other’s', async () => {
  const { cwd, dir, file, text } = await poolFolder();
  await writeFile(
    file,
    `${text}\n# mine\nx-owner: {team: platform}\n`.replace('project: my-project', 'region: europe-west1'),
  );
  const planned = async (args: readonly string[], env = {}) => {
    const run = await spacectl([...args, '--dry-run', '--json'], { cwd, env });
    expect({ stderr: run.stderr, exitCode: run.exitCode }).toMatchObject({ exitCode: 0 });
    return JSON.parse(String(run.stdout)).changes.filter(({ status }: { status: string }) => status !== 'unchanged')
      .length;
  };
  expect(await planned(['render', 'systemd', '--dir', 'pool'])).toBe(0);
  expect(await planned(['render', 'systemd', '--dir', 'pool', '--no-recycle'])).toBeGreaterThan(0);
  expect(await planned(['render', 'systemd', '--dir', 'pool'], { SPACECTL_RECYCLE: 'no' })).toBeGreaterThan(0);
  expect(await planned(['render', 'terraform', '--cloud', 'aws', '--dir', 'pool'])).toBe(0);
  expect(await planned(['render', 'terraform', '--cloud', 'gcp', '--dir', 'pool'])).toBeGreaterThan(0);
  expect(await planned(['ca-bundle', 'build', '--dir', 'pool'])).toBe(0);
  const others = path.join(cwd, 'others.yaml');
  await writeFile(others, 'hosts: {recycle: no}\n');
  expect(await planned(['render', 'systemd', '--dir', 'pool', '--answers', others])).toBeGreaterThan(0);
  // What a person wrote is still there after a run that saves something.
  await spacectl(['init', dir, '--no-input', '--recycle', '--env', 'B=2'], { cwd });
  const after = await readFile(file, 'utf8');
  expect(after).toContain('# mine\nx-owner: {team: platform}\n');
  expect(after).toContain('    - B=2');
});

test('an empty answer keeps what is in force: a bundle that was built by itself is in the file after init', async () => {
  const cwd = await temporaryFolder();
  await copyFile(EXAMPLE_CA, path.join(cwd, 'corp.pem'));
  await mkdir(path.join(cwd, 'pool'));
  const built = ['ca-bundle', 'build', '--dir', 'pool', '--ca', 'corp.pem', '--offline', '--allow-expired'];
  expect(await spacectl(built, { cwd })).toMatchObject({ exitCode: 0 });
  const init = ['init', 'pool', '--no-input', '--offline', '--bits', '2048'];
  expect(await spacectl(init, { cwd })).toMatchObject({ exitCode: 0 });
  const text = await readFile(path.join(cwd, 'pool/spacectl.yaml'), 'utf8');
  expect(text).toContain('bundle:\n  ca:\n    - ../corp.pem\n');
  expect(text).toContain('allow-expired: true');
  const before = await snapshot(path.join(cwd, 'pool'));
  expect(before['systemd/custom-ca-bundle.crt']).toBeDefined();
  expect(await spacectl(['init', 'pool', '--no-input'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(await snapshot(path.join(cwd, 'pool'))).toEqual(before);
  // On another machine, the CA's file is missed: hosts are not rendered without it.
  await rm(path.join(cwd, 'corp.pem'));
  expect(await spacectl(['apply', 'pool'], { cwd })).toMatchObject({ exitCode: 74 });
});

test('a private key is made only in a directory that was named, and apply needs a file', async () => {
  const { dir } = await poolFolder();
  await rm(path.join(dir, 'spacelift.key'));
  await rm(path.join(dir, 'spacelift.csr'));
  for (const args of [['apply'], ['init', '--no-input']]) {
    const refused = await spacectl(args, { cwd: dir });
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('has no spacelift.key, and was not named'),
    });
  }
  expect(await readdir(dir)).not.toContain('spacelift.key');
  const empty = await temporaryFolder();
  expect(await spacectl(['init', '--no-input'], { cwd: empty })).toMatchObject({ exitCode: 2 });
  const nothing = await spacectl(['apply', empty]);
  expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('has no spacectl.yaml') });
  expect(await readdir(empty)).toEqual([]);
  expect(await spacectl(['apply', dir])).toMatchObject({ exitCode: 0 });
  expect(await readdir(dir)).toContain('spacelift.key');
});

testWith('git')('git ignores every secret of the folder, and the lines of an existing .gitignore stay', async () => {
  const cwd = await temporaryFolder();
  const dir = path.join(cwd, 'pool');
  await mkdir(dir);
  await writeFile(path.join(dir, '.gitignore'), '*.bak');
  const targets = ['systemd', 'cloud-init', 'docker'].flatMap((each) => ['--target', each]);
  const init = ['init', 'pool', '--no-input', '--offline', '--bits', '2048', ...targets];
  const run = await spacectl([...init, '--https-proxy', 'http://user:hush@proxy:3128', '--json'], { cwd });
  expect(run.exitCode).toBe(0);
  const { changes, warnings } = JSON.parse(String(run.stdout));
  expect(warnings).toContainEqual(expect.stringContaining('hosts.https-proxy is not saved'));
  expect(await readFile(path.join(dir, 'spacectl.yaml'), 'utf8')).not.toContain('hush');
  await execa('git', ['init', '-q', cwd]);
  await execa('git', ['add', '.'], { cwd });
  const { stdout } = await execa('git', ['ls-files', 'pool'], { cwd });
  const committed = stdout.split('\n').map((name) => path.join(cwd, name));
  const secrets = changes
    .filter(({ secret }: { secret?: boolean }) => secret)
    .map((each: { path: string }) => each.path);
  expect(secrets.length).toBeGreaterThan(2);
  expect(committed.filter((name) => secrets.includes(name))).toEqual([]);
  expect(committed).toContain(path.join(dir, 'spacectl.yaml'));
  expect(await readFile(path.join(dir, '.gitignore'), 'utf8')).toMatch(/^\*\.bak\n/);
});

testWith('cloud-init')(
  'the schema accepts what init saves, with comments and keys of one’s own, and finds mistakes',
  async () => {
    const { stdout } = await spacectl(['schema']);
    const { dir, text } = await poolFolder();
    expect(await readFile(path.join(dir, 'spacectl.schema.json'), 'utf8')).toBe(`${stdout}\n`);
    expect(text).toMatch(/^# yaml-language-server: \$schema=spacectl\.schema\.json\n/);
    const wrong = [
      'pool: {nmae: x}',
      'nowhere: {a: b}',
      'hosts: {engine: lxc}',
      'pool: x',
      'bundle: {ca: {a: b}}',
      'hosts: {recycle: maybe}',
    ];
    const right = [text, 'pool:\nx-mine: [1]\nhosts: {x-a: 1, env: A=1, recycle: yes, systemd-version: 252}\n'];
    const found = await validate(JSON.parse(String(stdout)), [...right, ...wrong]);
    expect(found.slice(0, right.length)).toEqual(right.map(() => []));
    for (const each of found.slice(right.length)) expect(each.length).toBeGreaterThan(0);
  },
);

test('a file that a checkout elsewhere would lack is told once, and a secret’s file is not', async () => {
  const cwd = await temporaryFolder();
  await copyFile(EXAMPLE_CA, path.join(cwd, 'corp.pem'));
  await writeFile(path.join(cwd, 'password'), 'hush\n');
  const init = ['init', 'pool', '--no-input', '--offline', '--bits', '2048', '--json'];
  const password = ['--registry-username', 'me', '--registry-password-file', 'password'];
  const warningsOf = async (...more: readonly string[]) => {
    const { stdout, stderr, exitCode } = await spacectl([...init, ...more], { cwd });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { warnings } = JSON.parse(String(stdout));
    return warnings.filter((each: string) => each.includes('outside of'));
  };
  expect(await warningsOf('--ca', 'corp.pem', ...password)).toEqual([
    expect.stringMatching(/^bundle\.ca is \.\.\/corp\.pem, outside of pool: a checkout elsewhere lacks it/),
  ]);
  expect(await warningsOf()).toEqual([]);
  await copyFile(EXAMPLE_CA, path.join(cwd, 'pool/corp.pem'));
  expect(await warningsOf('--ca', 'pool/corp.pem')).toEqual([]);
});

test('what a person writes by hand is read, told once, or refused without being shown', async () => {
  const dir = await temporaryFolder();
  const file = path.join(dir, 'spacectl.yaml');
  await writeFile(file, 'cloud-init: {cloud: ec2}\npool: {offline: true, quite-unheard-of: 1}\n');
  const rendered = await spacectl(['render', 'cloud-init', '--dir', dir, '--json']);
  expect(rendered.exitCode).toBe(0);
  expect(JSON.parse(String(rendered.stdout)).facts.cloudInit.cloud).toBe('ec2');
  const status = await spacectl(['status', dir]);
  expect(String(status.stderr).match(/unknown key pool\.quite-unheard-of, ignored/g)).toHaveLength(1);
  for (const text of ['hosts: {https-proxy: "http://me:hush@proxy:1"}', 'account: {api-key-secret: hush}']) {
    await writeFile(file, `${text}\n`);
    // Whether or not the command reads the key.
    for (const args of [
      ['status', dir],
      ['apply', dir],
      ['ca-bundle', 'build', '--dir', dir],
    ]) {
      const { exitCode, stdout, stderr } = await spacectl(args);
      const all = `${stdout}${stderr}`;
      expect([exitCode, all]).toEqual([78, expect.stringContaining('does not belong in this file')]);
      expect(all).not.toContain('hush');
    }
  }
});
