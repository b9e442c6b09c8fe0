import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { editLine, enterApiKey } from '../services/wizard.ts';

const init = ['init', '--bits', '2048', '--no-input', '--target', 'systemd'] as const;

/** What the rendered host starts with: the token in it is the pool's, the key the folder's. */
async function secretsOf(dir: string): Promise<string> {
  return readFile(path.join(dir, 'systemd/secrets.env'), 'utf8');
}

test('init goes from an empty folder to a rendered host and creates the pool in five requests; run again, it needs two', async () => {
  const [server, dir] = [await startSpacelift(), path.join(await temporaryFolder(), 'pool')];
  const args = [...init, '--target', 'ansible', '--dir', dir, '--pool', 'create', '--name', 'build'];
  const plan = await spacectl([...args, '--dry-run'], { env: server.environment });
  expect({ exitCode: plan.exitCode, stderr: plan.stderr }).toMatchObject({ exitCode: 0 });
  expect([server.pools.size, server.operations]).toEqual([0, ['apiKeyUser', 'workerPools']]);
  const first = await spacectl(args, { env: server.environment });
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toMatchObject({ exitCode: 0 });
  const [pool] = server.pools.values();
  expect(server.operations.slice(2)).toEqual([
    'apiKeyUser',
    'workerPools',
    'workerPools',
    'workerPoolCreate',
    'workerPools',
  ]);
  expect(await secretsOf(dir)).toContain(`SPACELIFT_TOKEN=${pool?.tokens[0]}`);
  const defaults = await readFile(path.join(dir, 'ansible/roles/spacelift_worker/defaults/main.yml'), 'utf8');
  expect(defaults).toContain(`spacelift_worker_pool_id: "${pool?.id}"\n`);
  const again = await spacectl([...args, '--json'], { env: server.environment });
  const { changes } = JSON.parse(String(again.stdout));
  expect(new Set(changes.map(({ status }: { status: string }) => status))).toEqual(new Set(['unchanged']));
  expect(server.operations.slice(7)).toEqual(['apiKeyUser', 'workerPools']);
});

test('an existing pool gets a token for this folder once, and only if its name is confirmed', async () => {
  const [server, dir] = [await startSpacelift(), path.join(await temporaryFolder(), 'pool')];
  const pool = server.addPool({ name: 'build' });
  const args = [...init, '--dir', dir, '--pool', 'existing', '--pool-id', pool.id];
  const unsure = await spacectl(args, { env: server.environment });
  expect({ exitCode: unsure.exitCode, stderr: unsure.stderr }).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Missing --confirm NAME'),
  });
  expect(pool.tokens).toEqual([]);
  for (let time = 0; time < 2; time++) {
    const run = await spacectl([...args, '--confirm', 'build'], { env: server.environment });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  }
  expect(pool.tokens).toHaveLength(1);
  expect(await secretsOf(dir)).toContain(`SPACELIFT_TOKEN=${pool.tokens[0]}`);
});

test('configurations for clouds take the pool that is made here, and never make one more', async () => {
  const [server, dir] = [await startSpacelift(), path.join(await temporaryFolder(), 'pool')];
  const targets = ['--target', 'terraform-aws', '--target', 'ecs'];
  const args = ['init', '--bits', '2048', '--no-input', '--dir', dir, ...targets];
  const two = await spacectl([...args, '--offline'], { env: server.environment });
  expect(two).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('terraform-aws and ecs would each create their own worker pool'),
  });
  const made = await spacectl([...args, '--pool', 'create', '--name', 'build'], { env: server.environment });
  expect({ exitCode: made.exitCode, stderr: made.stderr }).toMatchObject({ exitCode: 0 });
  expect(made.stdout).toMatch(/Set .*worker_pool_id/);
  const [pool] = server.pools.values();
  // From now on the folder knows its pool.
  for (const args of [['terraform', '--cloud', 'aws'], ['ecs']]) {
    const run = await spacectl(['render', ...args, '--dir', dir]);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  }
  for (const folder of ['terraform-aws', 'ecs']) {
    expect(await readFile(path.join(dir, folder, 'main.tf'), 'utf8')).not.toContain('spacelift_worker_pool"');
    expect(await readFile(path.join(dir, folder, 'variables.tf'), 'utf8')).toContain(`"${pool?.id}"`);
  }
});

testWith('tmux')('the wizard asks for the pool, and for an API key only where none is found', async () => {
  const server = await startSpacelift();
  const cwd = await temporaryFolder();
  const home = path.join(cwd, 'home');
  await mkdir(home);
  const command = [process.execPath, PROGRAM, 'init', '--bits', '2048', '--dir', 'pool', '--target', 'systemd'];
  const terminal = await openTerminal(command, { cwd, env: { HOME: home } });
  await terminal.waitFor('Where does the worker pool come from?');
  await terminal.press('Enter');
  await enterApiKey(terminal, server);
  await terminal.waitFor('Name of the worker pool');
  await terminal.enter('build');
  await terminal.waitFor('Certificates of a private CA');
  await terminal.enter();
  await editLine(terminal, 'description', 'Linux');
  expect(server.pools.size).toBe(0);
  await terminal.enter();
  expect(await terminal.ended()).toBe(0);
  const [pool] = server.pools.values();
  expect(pool).toMatchObject({ name: 'build', description: 'Linux' });
  const dir = path.join(cwd, 'pool');
  expect(await readdir(dir)).toEqual(expect.arrayContaining([`worker-pool-${pool?.id}.config`, 'worker-pool.json']));
  expect(await secretsOf(dir)).toContain(`SPACELIFT_TOKEN=${pool?.tokens[0]}`);
  const answers = await readFile(path.join(dir, 'spacectl.yaml'), 'utf8');
  expect(answers).toContain('name: build');
  expect(`${answers}${await terminal.screen()}`).not.toContain(server.key.secret);
});
