import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

const NETWORK = ['--region', 'eu-west-1', '--subnet', 'subnet-0a1b2c3d', '--security-group', 'sg-0a1b2c3d'];

/** A folder whose pool exists, with files for hosts, and the account with its two workers. */
async function account() {
  const server = await startSpacelift();
  const cwd = await temporaryFolder();
  const dir = path.join(cwd, 'my pool');
  const run = (words: readonly string[], env: Readonly<Record<string, string>> = server.environment) =>
    spacectl(words, { cwd, env: { HOME: cwd, ...env } });
  await putKeyPair(dir);
  await run(['workerpool', 'create', '--dir', dir, '--name', 'build eu']);
  await run(['render', 'systemd', '--dir', dir]);
  const pool = [...server.pools.values()].find(({ name }) => name === 'build eu');
  if (!pool) throw new Error('no pool');
  const workers = [server.addWorker(pool, { busy: true }), server.addWorker(pool)];
  const retire = (...words: readonly string[]) => run(['retire', 'my pool', ...words]);
  const confirmed = (...words: readonly string[]) => retire('--confirm', 'build eu', ...words);
  server.operations.length = 0;
  return { server, cwd, dir, pool, workers, run, retire, confirmed };
}

const CHANGES = ['workerDrainSet', 'workerPoolDelete'];
const SECRETS = ['secrets.env', 'spacelift.key', 'worker-pool.config'];

async function secretsIn(dir: string): Promise<readonly string[]> {
  const names = (await readdir(dir, { recursive: true })).map((name) => path.basename(name));
  return [...new Set(names.filter((name) => SECRETS.includes(name) || /^worker-pool-.*\.config$/.test(name)))];
}

test('Without the name of the pool, retire shows the plan and changes nothing', async () => {
  const { server, dir, retire } = await account();
  const { exitCode, stdout } = await retire();
  expect(exitCode).toBe(0);
  const steps = [
    'Drain the 2 workers of "build eu"',
    'Wait until their runs have finished',
    "spacectl retire 'my pool' --confirm 'build eu'",
    'spacectl host uninstall --purge',
    "spacectl retire 'my pool' --confirm 'build eu'",
  ];
  let from = 0;
  for (const each of steps) {
    const at = String(stdout).indexOf(each, from);
    expect({ each, isInOrder: at >= from }).toEqual({ each, isInOrder: true });
    from = at + each.length;
  }
  const document = JSON.parse(String((await retire('--json')).stdout));
  expect(document).toMatchObject({
    command: 'retire',
    dryRun: true,
    facts: { retire: { name: 'build eu', pool: 'found', workers: 2, busyWorkers: 1, targets: ['systemd'] } },
  });
  expect(server.operations.filter((each) => CHANGES.includes(each))).toEqual([]);
  expect(await secretsIn(dir)).toHaveLength(4);
});

test('Another name than that of the pool is refused, and nothing is changed', async () => {
  const { server, dir, retire } = await account();
  const { exitCode, stderr } = await retire('--confirm', 'build');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is named "build eu"') });
  expect(server.operations.filter((each) => CHANGES.includes(each))).toEqual([]);
  expect(await secretsIn(dir)).toHaveLength(4);
});

test('Workers are drained and waited for; pool and secrets go only when no worker is connected', async () => {
  const { server, dir, pool, workers, confirmed } = await account();
  const [busy] = workers;
  const draining = confirmed();
  while (!workers.every(({ drained }) => drained)) await setTimeout(20);
  if (busy) busy.busy = false;
  const first = await draining;
  expect(first.exitCode).toBe(10);
  expect(first.stdout).toContain('2 workers of "build eu"');
  expect(first.stdout).toContain('are connected: tear down their hosts first');
  expect([server.pools.has(pool.id), await secretsIn(dir)]).toEqual([true, expect.objectContaining({ length: 4 })]);
  // A second run has nothing to drain, and still says what is left.
  const second = await confirmed('--json');
  expect(second.exitCode).toBe(10);
  expect(JSON.parse(String(second.stdout)).changes).toMatchObject([{ status: 'unchanged' }, { status: 'unchanged' }]);

  // What was typed in the wizard goes as well.
  await writeFile(path.join(dir, 'api-key-secret.secret'), 'hush', { mode: 0o600 });
  pool.workers.length = 0;
  const last = await confirmed();
  expect({ exitCode: last.exitCode, stderr: last.stderr }).toMatchObject({ exitCode: 0 });
  expect([server.pools.has(pool.id), await secretsIn(dir)]).toEqual([false, []]);
  expect(await readdir(dir)).not.toContain('api-key-secret.secret');
  expect(await readdir(dir)).toEqual(expect.arrayContaining(['spacelift.csr', 'worker-pool.json', 'systemd']));
  expect(server.operations.filter((each) => CHANGES.includes(each))).toEqual([
    'workerDrainSet',
    'workerDrainSet',
    'workerPoolDelete',
  ]);
  const again = await confirmed();
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toContain('was deleted');
});

test('A run that is stopped before the secrets are removed is finished by the next one', async () => {
  const { server, dir, pool, confirmed } = await account();
  pool.workers.length = 0;
  // The deletion happens, and its answer never comes; so does that of the retry.
  for (let attempt = 0; attempt < 5; attempt++) server.trouble({ cut: 'after' }, 'workerPoolDelete');
  const lost = await confirmed();
  expect(lost.exitCode).toBe(69);
  expect([server.pools.has(pool.id), (await secretsIn(dir)).length]).toEqual([false, 4]);
  const next = await confirmed();
  expect({ exitCode: next.exitCode, stdout: next.stdout }).toMatchObject({ exitCode: 0 });
  expect(await secretsIn(dir)).toEqual([]);
});

test('Without credentials, nothing is done, and what is left is said', async () => {
  const { server, dir, run } = await account();
  const { exitCode, stdout } = await run(['retire', 'my pool', '--confirm', 'build eu'], {});
  expect(exitCode).toBe(10);
  expect(stdout).toContain('No Spacelift credentials: the workers of worker pool "build eu"');
  expect(stdout).toContain('spacectl profile login ALIAS');
  expect(stdout).toMatch(/rm .*'my pool\/spacelift\.key'/);
  expect((await run(['retire', 'my pool'], {})).exitCode).toBe(0);
  expect(server.operations).toEqual([]);
  expect(await secretsIn(dir)).toHaveLength(4);
});

test('The secrets stay if the pool is not found, and no run has asked to delete it', async () => {
  const { server, dir, pool, confirmed } = await account();
  (server.pools as Map<string, unknown>).delete(pool.id);
  const { exitCode, stdout } = await confirmed();
  expect(exitCode).toBe(10);
  expect(stdout).toContain('is not found: it was deleted, or your credentials cannot see it');
  expect(await secretsIn(dir)).toHaveLength(4);
});

test('A pool that Terraform creates is left to Terraform', async () => {
  const { server, cwd, run } = await account();
  await putKeyPair(path.join(cwd, 'aws'));
  await run(['render', 'terraform', '--cloud', 'aws', '--dir', 'aws', '--pool-name', 'build', ...NETWORK]);
  const { exitCode, stdout } = await run(['retire', 'aws', '--confirm', 'build']);
  expect(exitCode).toBe(10);
  expect(stdout).toContain('The Terraform configuration created the pool, and deletes it');
  expect(stdout).toContain('terraform -chdir=aws/terraform-aws destroy');
  expect(server.operations.filter((each) => CHANGES.includes(each))).toEqual([]);
});

test('Each target says how its hosts and its stored secrets go', async () => {
  const { dir, workers, run, retire } = await account();
  const pool = ['--dir', dir];
  await run(['render', 'terraform', '--cloud', 'azure', ...pool]);
  await run(['render', 'terraform', '--cloud', 'gcp', ...pool, '--project', 'my-project']);
  for (const words of [
    ['terraform', '--cloud', 'aws', ...NETWORK],
    ['ecs', ...NETWORK],
    ['docker'],
    ['ansible', '--host', 'localhost'],
    ['cloud-init', '--trust-on-host'],
  ])
    await run(['render', ...words, ...pool]);
  const { stdout } = await retire('--json');
  const { next, facts } = JSON.parse(String(stdout));
  const commands: readonly string[] = next.flatMap((each: { command?: string }) => each.command ?? []);
  expect(facts.retire.targets).toHaveLength(8);
  const [first, second] = workers.map(({ metadata }) => JSON.parse(metadata).instance_id);
  expect(commands).toEqual(
    expect.arrayContaining([
      'spacectl host uninstall --purge',
      `aws ec2 terminate-instances --instance-ids ${first} ${second}`,
      "terraform -chdir='my pool/terraform-aws' destroy",
      "terraform -chdir='my pool/terraform-azure' destroy",
      "terraform -chdir='my pool/terraform-gcp' destroy",
      "terraform -chdir='my pool/ecs' destroy",
      'docker compose down && rm -rf secrets.env /opt/spacelift',
      expect.stringMatching(/^aws secretsmanager delete-secret --secret-id spacelift\/\S+ --region eu-west-1$/),
      expect.stringMatching(/^aws secretsmanager delete-secret --secret-id spacelift\/\S+\/token --region eu-west-1$/),
      expect.stringMatching(
        /^aws secretsmanager delete-secret --secret-id spacelift\/\S+\/private-key --region eu-west-1$/,
      ),
      expect.stringMatching(/^az keyvault secret delete --vault-name \S+ --name spacelift-/),
      expect.stringMatching(/^gcloud secrets delete spacelift-\S+ --project=my-project$/),
    ]),
  );
  expect(commands.at(-1)).toBe("spacectl retire 'my pool' --confirm 'build eu'");
  const isHosts = (command: string) => !/secret|retire/.test(command);
  const isStore = (command: string) => /secretsmanager|keyvault|gcloud/.test(command);
  expect(commands.findLastIndex(isHosts)).toBeLessThan(commands.findIndex(isStore));
});

testWith('ansible')('the command that stops all hosts of an inventory is one that Ansible takes', async () => {
  const { cwd, dir, run, retire } = await account();
  await run(['render', 'ansible', '--dir', dir, '--host', 'worker-1.example.com']);
  const { next } = JSON.parse(String((await retire('--json')).stdout));
  const command = next
    .map((each: { command?: string }) => each.command ?? '')
    .find((each: string) => /ansible /.test(each));
  const listed = await execa('sh', ['-c', `${command} --list-hosts`], { cwd, env: { ANSIBLE_HOME: cwd } });
  expect(listed.stdout).toContain('worker-1.example.com');
  expect(await readFile(path.join(dir, 'ansible/inventory.yml'), 'utf8')).toContain('worker-1.example.com');
});
