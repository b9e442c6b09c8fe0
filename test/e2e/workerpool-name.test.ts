import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { type Spacelift, startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** Runs a command on the pool that `--pool-id` names. */
async function onPool(server: Spacelift, pool: string, ...args: readonly string[]) {
  const cwd = await temporaryFolder();
  const { exitCode, stdout, stderr } = await spacectl(['workerpool', ...args, '--pool-id', pool], {
    cwd,
    env: server.environment,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

test('Each command on a pool takes its name in place of its ID', async () => {
  const server = await startSpacelift();
  server.addPool({ name: 'other' });
  const pool = server.addPool({ name: 'build eu' });
  const worker = server.addWorker(pool);
  const run = (...args: readonly string[]) => onPool(server, 'build eu', ...args);
  expect(JSON.parse((await run('show', '--json')).stdout)).toMatchObject({ id: pool.id });
  expect((await run('watch', '--looks', '1')).stdout).toContain('build eu: 1 worker,');
  expect((await run('worker', 'list')).stdout).toContain(worker.id);
  expect((await run('worker', 'drain', '--id', worker.id)).exitCode).toBe(0);
  expect(worker.drained).toBe(true);
  expect((await run('update', '--description', 'new')).exitCode).toBe(0);
  expect(pool.description).toBe('new');
  expect((await run('cycle', '--confirm', 'build eu')).exitCode).toBe(0);
  expect(server.cycles).toEqual([pool.id]);
  expect((await run('delete', '--confirm', 'build eu')).exitCode).toBe(0);
  expect([...server.pools.values()].map(({ name }) => name)).toEqual(['other']);
});

test('The commands for the token and the key of a pool take its name too', async () => {
  const server = await startSpacelift();
  const pool = server.addPool({ name: 'build eu' });
  const cwd = await temporaryFolder();
  await putKeyPair(cwd);
  const named = ['--pool-id', 'build eu'];
  const commands = [
    ['workerpool', 'reset', ...named, '--confirm', 'build eu'],
    ['workerpool', 'token', ...named],
    ['keypair', 'rotate', ...named, '--confirm', 'build eu', '--bits', '2048'],
  ];
  for (const args of commands) {
    const { exitCode, stderr } = await spacectl(args, { cwd, env: server.environment });
    expect({ args, exitCode, stderr }).toMatchObject({ args, exitCode: 0 });
    expect(await readFile(path.join(cwd, 'worker-pool.config'), 'utf8')).toBe(pool.tokens.at(-1));
  }
  expect(pool.tokens).toHaveLength(2);
});

test('A name that several pools have is an error that lists their spaces and IDs', async () => {
  const server = await startSpacelift();
  const pools = [server.addPool({ name: 'build', space: 'root' }), server.addPool({ name: 'build', space: 'legacy' })];
  const { exitCode, stdout, stderr } = await onPool(server, 'build', 'delete', '--confirm', 'build');
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('2 worker pools are named "build": ');
  for (const { id, space } of pools) {
    expect(stderr).toContain(`${id} in the space ${space}`);
    expect(stderr).toContain(`--pool-id ${id}`);
  }
  expect(server.pools.size).toBe(2);
});

test('A name that no pool has is an error that suggests the closest one', async () => {
  const server = await startSpacelift();
  server.addPool({ name: 'build-eu' });
  const { exitCode, stderr } = await onPool(server, 'biuld-eu', 'show');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`No worker pool is named "biuld-eu" at ${server.url}`);
  expect(stderr).toContain('--pool-id build-eu');
  const empty = await onPool(server, '', 'show');
  expect(empty).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is one line, and not empty') });
});

test('An ID is not looked up in the list of pools, and is not taken for a name', async () => {
  const server = await startSpacelift();
  const { id } = server.addPool({ name: 'build' });
  server.addPool({ name: id });
  expect(JSON.parse((await onPool(server, id, 'show', '--json')).stdout)).toMatchObject({ id, name: 'build' });
  expect(server.operations).not.toContain('workerPools');
});

test('Commands that do not ask Spacelift take an ID only', async () => {
  const cwd = await temporaryFolder();
  const { exitCode, stderr } = await spacectl(['render', 'terraform', '--cloud', 'aws', '--pool-id', 'build'], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"build" is not the ID of a worker pool');
});
