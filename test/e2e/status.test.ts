import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { poolFolder } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { EXAMPLE_CA } from '../services/wizard.ts';

interface Thing {
  readonly id: string;
  readonly state: string;
  readonly evidence: string;
  readonly command?: string;
}

/** What status says of a folder: the exit code, and what it found by its name. */
async function statusOf(dir: string, env: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) {
  const { exitCode, stdout, stderr } = await spacectl(['status', dir, '--json', ...flags], { env });
  expect({ stderr, codes: [0, 10].includes(exitCode ?? -1) }).toMatchObject({ codes: true });
  const { things, needsAttention } = JSON.parse(String(stdout));
  expect(exitCode).toBe(needsAttention ? 10 : 0);
  const found: Record<string, Thing> = Object.fromEntries(things.map((each: Thing) => [each.id, each]));
  // Everything to do has one command, and only what there is to do makes the exit code 10.
  for (const { state, command } of things)
    if (state === 'attention') expect(command).toMatch(/^(?:(?:mv .* && )?spacectl|chmod 600|mv) /);
  return { exitCode, found, states: Object.fromEntries(things.map(({ id, state }: Thing) => [id, state])) };
}

const offline = ['--no-input', '--offline', '--bits', '2048', '--ca', EXAMPLE_CA] as const;
const NETWORK = ['--subnet', 'subnet-0a1b2c3d4e5f67890', '--security-group', 'sg-0a1b2c3d4e5f67890'] as const;
const TARGETS = ['--target', 'systemd', '--target', 'terraform-aws', '--region', 'eu-west-1', ...NETWORK] as const;

async function madeFolder(...more: readonly string[]) {
  const dir = path.join(await temporaryFolder(), 'pool');
  expect(await spacectl(['init', dir, ...offline, ...TARGETS, ...more])).toMatchObject({ exitCode: 0 });
  return dir;
}

test('what was rendered without being chosen is not compared, and no failure', async () => {
  const dir = await poolFolder();
  const clouds = ['aws', 'azure', 'gcp'].map((cloud) => ['terraform', '--cloud', cloud]);
  for (const target of [['cloud-init'], ...clouds, ['ecs'], ['ansible'], ['docker']])
    expect(await spacectl(['render', ...target, '--dir', dir])).toMatchObject({ exitCode: 0 });
  const { states } = await statusOf(dir);
  const names = ['cloud-init', 'terraform-aws', 'terraform-azure', 'terraform-gcp', 'ecs', 'ansible', 'docker'];
  expect(states).toMatchObject(Object.fromEntries(names.map((name) => [name, 'unknown'])));
});

test('a folder without a pool wants one; everything else is fresh, and looking changes nothing', async () => {
  const dir = await madeFolder();
  const before = await snapshot(dir);
  // Nothing is looked up offline.
  const env = { SPACELIFT_PROFILE: 'acme' };
  const { states, found } = await statusOf(dir, env);
  expect(states).toEqual({
    file: 'good',
    key: 'good',
    pool: 'attention',
    token: 'none',
    bundle: 'unknown',
    systemd: 'good',
    'terraform-aws': 'good',
    'terraform-aws-module': 'good',
    'terraform-aws-variables': 'good',
    'terraform-aws-state': 'unknown',
    'terraform-aws-images': 'none',
    comms: 'good',
  });
  expect(found['pool']?.command).toBe(`spacectl workerpool create --name pool --dir ${dir}`);
  expect(found['bundle']?.evidence).toContain('(pool.offline in spacectl.yaml is true)');
  expect(await snapshot(dir)).toEqual(before);
  const page = await spacectl(['status', dir], { env });
  expect(page.exitCode).toBe(10);
  expect(page.stdout).toContain(
    `to do    Worker pool: none yet\n         spacectl workerpool create --name pool --dir ${dir}\n`,
  );
});

test('what is edited by hand, stale, missing, altered or retired is told apart, each with its command', async () => {
  const dir = await madeFolder('--worker-comms', 'mqtt');
  const file = path.join(dir, 'spacectl.yaml');
  await appendFile(path.join(dir, 'systemd/install.sh'), '# mine\n');
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace('eu-west-1', 'eu-west-2').replace('- systemd', '- systemd\n    - docker'),
  );
  await appendFile(path.join(dir, 'custom-ca-bundle.crt'), '\n');
  const { found } = await statusOf(dir);
  expect(found['systemd']).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('install.sh was edited after it was rendered'),
  });
  expect(found['terraform-aws']).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('would be rendered differently now'),
    command: `spacectl apply ${dir}`,
  });
  expect(found['docker']).toMatchObject({
    state: 'attention',
    evidence: 'not rendered yet',
    command: `spacectl apply ${dir}`,
  });
  expect(found['bundle']).toMatchObject({ state: 'attention', evidence: 'changed after it was built' });
  expect(found['comms']).toMatchObject({ state: 'attention', evidence: expect.stringContaining('MQTT') });
  // The commands do what they say.
  for (const id of ['bundle', 'comms'])
    expect((await spacectl(String(found[id]?.command).split(' ').slice(1))).exitCode).toBe(0);
  const after = await statusOf(dir);
  expect(after.states).toMatchObject({
    systemd: 'good',
    docker: 'good',
    'terraform-aws': 'good',
    comms: 'good',
    bundle: 'unknown',
  });
});

testWith('git')('a checkout in CI, without key and token, wants nothing that it cannot have', async () => {
  const dir = await madeFolder('--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP');
  const git = (...args: readonly string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: dir });
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-qm', 'x');
  const checkout = path.join(await temporaryFolder(), 'pool');
  await execa('git', ['clone', '-q', dir, checkout]);
  const { exitCode, states } = await statusOf(checkout);
  expect(states).toMatchObject({
    key: 'unknown',
    pool: 'unknown',
    token: 'none',
    systemd: 'good',
    'terraform-aws': 'good',
  });
  expect(exitCode).toBe(0);
});

test('with credentials, pool, token and workers are read at Spacelift', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const env = { ...server.environment };
  const unreached = await statusOf(dir, { SPACELIFT_CONFIG_DIR: dir });
  expect(unreached.states).toMatchObject({ pool: 'attention' });
  expect(await spacectl(['workerpool', 'create', '--name', 'build', '--dir', dir], { env })).toMatchObject({
    exitCode: 0,
  });
  const { found, states } = await statusOf(dir, env);
  expect(states).toMatchObject({ pool: 'good', token: 'good', workers: 'attention' });
  expect(found['pool']?.evidence).toMatch(/^build \(/);
  expect(found['workers']).toMatchObject({
    evidence: expect.stringContaining('0 workers'),
    command: expect.stringContaining('workerpool watch'),
  });
  const [pool] = server.pools.values();
  await rm(path.join(dir, 'worker-pool.config'));
  await rm(path.join(dir, `worker-pool-${pool?.id}.config`));
  expect((await statusOf(dir, env)).found['token']).toMatchObject({
    state: 'none',
    command: expect.stringContaining('workerpool token'),
  });
  server.trouble({ errors: [{ message: 'not today' }] }, 'workerPool');
  expect((await statusOf(dir, env)).states).toMatchObject({ pool: 'unknown', key: 'good' });
});

test('annotations are those of the service: workflow commands for GitHub, a Code Quality report for GitLab', async () => {
  const cwd = await temporaryFolder();
  expect(await spacectl(['init', 'a,b: 100%', ...offline, '--target', 'systemd'], { cwd })).toMatchObject({
    exitCode: 0,
  });
  const env = { SPACELIFT_PROFILE: 'acme' };
  const github = await spacectl(['status', 'a,b: 100%', '--annotations', 'github'], { cwd, env });
  expect(github).toMatchObject({ exitCode: 10 });
  expect(github.stdout).toBe(
    "::warning file=a%2Cb%3A 100%25/spacectl.yaml,title=Worker pool::none yet. Run: spacectl workerpool create --name 'a,b: 100%25' --dir 'a,b: 100%25'",
  );
  const gitlab = await spacectl(['status', 'a,b: 100%', '--annotations', 'gitlab'], { cwd, env });
  // The fields of docs/ci/testing/code_quality.md in gitlab-org/gitlab, "Code Quality report format".
  expect(JSON.parse(String(gitlab.stdout))).toEqual([
    {
      description: "Worker pool: none yet. Run: spacectl workerpool create --name 'a,b: 100%' --dir 'a,b: 100%'",
      check_name: 'spacectl-pool',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: 'minor',
      location: { path: 'a,b: 100%/spacectl.yaml', lines: { begin: 1 } },
    },
  ]);
  expect(await spacectl(['status', '.', '--annotations', 'jenkins'], { cwd })).toMatchObject({ exitCode: 2 });
});
