import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

/** An account with one pool of three workers, the first of them busy. */
async function account() {
  const server = await startSpacelift();
  const pool = server.addPool({ name: 'build eu', description: 'Linux', pendingRuns: 4 });
  const first = server.addWorker(pool, { busy: true, createdAt: 1_700_000_000 });
  const others = [server.addWorker(pool), server.addWorker(pool)];
  const cwd = await temporaryFolder();
  const run = (...args: readonly string[]) => spacectl(['workerpool', ...args], { env: server.environment, cwd });
  return { server, pool, first, others, cwd, run };
}

test('The commands list and show print tables, or JSON documents with --json', async () => {
  const { pool, run, first } = await account();
  const list = await run('list');
  expect(list.stdout).toMatch(/ID +Name +Space +Description +Waiting Runs +Busy Workers +Drained Workers +Workers/);
  expect(list.stdout).toMatch(new RegExp(`${pool.id} +build eu +legacy +Linux +4 +1 +0 +3`));
  expect(JSON.parse(String((await run('list', '--json')).stdout))).toMatchObject([{ id: pool.id, busyWorkers: 1 }]);
  const show = await run('show', '--pool-id', pool.id, '--json');
  const { workers } = JSON.parse(String(show.stdout));
  expect(workers[0]).toMatchObject({
    id: first.id,
    busy: true,
    metadata: { instance_id: expect.stringMatching(/^i-/) },
  });
  pool.description = 'a\u001b[31mred\u001b[0m\nline';
  const { stdout } = await run('show', '--pool-id', pool.id);
  expect(stdout).toContain('a\\u{1b}[31mred\\u{1b}[0m\nline');
  expect(stdout).toContain('3 workers, 1 busy; 4 runs waiting');
  expect((await run('worker', 'list', '--pool-id', pool.id)).stdout).toMatch(new RegExp(`${first.id} +true +false`));
});

test('A pool that does not exist, a name that no pool has and a missing ID are different errors', async () => {
  const { run } = await account();
  const cases = [
    [['show', '--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP'], 'does not exist'],
    [['show', '--pool-id', 'build'], 'No worker pool is named "build"'],
    [['show'], 'Missing --pool-id'],
  ] as const;
  for (const [args, message] of cases) {
    const { exitCode, stderr } = await run(...args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
  }
});

test('An update changes what is given, and a second run changes nothing', async () => {
  const { server, pool, cwd, run } = await account();
  const args = ['update', '--pool-id', pool.id, '--label', 'a', '--drift-limit', '2', '--json'];
  expect((await run(...args)).exitCode).toBe(0);
  expect(pool).toMatchObject({ name: 'build eu', description: 'Linux', labels: ['a'], driftDetectionRunLimit: 2 });
  expect(JSON.parse(String((await run(...args)).stdout)).changes).toMatchObject([{ status: 'unchanged' }]);
  await run('update', '--pool-id', pool.id, '--description', '', '--label', '', '--drift-limit', 'none');
  expect(pool).toMatchObject({ description: null, labels: [], driftDetectionRunLimit: -1 });
  expect((await run('show', '--pool-id', pool.id)).stdout).toContain('drift detection runs: no limit');
  // What a pool is created by does not rename one that is there.
  const env = { ...server.environment, SPACECTL_NAME: 'other', SPACECTL_DESCRIPTION: 'other' };
  await spacectl(['workerpool', 'update', '--pool-id', pool.id, '--label', 'b'], { env, cwd });
  expect(pool).toMatchObject({ name: 'build eu', description: null, labels: ['b'] });
});

test.each(['cycle', 'delete'])('Without the name of the pool, %s is refused', async (act) => {
  const { server, pool, run } = await account();
  const without = await run(act, '--pool-id', pool.id);
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toContain('Missing --confirm NAME');
  const wrong = await run(act, '--pool-id', pool.id, '--confirm', 'build');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('is named "build eu"');
  expect((await run(act, '--pool-id', pool.id, '--confirm', 'build eu', '--dry-run')).exitCode).toBe(0);
  expect([server.pools.size, server.cycles.length]).toEqual([1, 0]);
  const right = await run(act, '--pool-id', pool.id, '--confirm', 'build eu');
  expect({ exitCode: right.exitCode, stderr: right.stderr }).toMatchObject({ exitCode: 0 });
  expect([server.pools.size, server.cycles.length]).toEqual(act === 'cycle' ? [1, 1] : [0, 0]);
});

testWith('tmux')('On a terminal, the name of the pool is typed to confirm', async () => {
  const { server, pool, cwd } = await account();
  const terminal = await openTerminal([process.execPath, PROGRAM, 'workerpool', 'delete', '--pool-id', pool.id], {
    cwd,
    env: { ...server.environment },
  });
  await terminal.waitFor('Type the name of the worker pool');
  await terminal.enter('build');
  await terminal.waitFor('That is not build eu');
  await terminal.enter(' eu');
  expect(await terminal.ended()).toBe(0);
  expect(server.pools.size).toBe(0);
});

test('With --wait-until-drained, drain waits for the run to end, and undrain reverses it', async () => {
  const { server, pool, first, run } = await account();
  const draining = run('worker', 'drain', '--pool-id', pool.id, '--id', first.id, '--wait-until-drained');
  while (!first.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = server.operations.length;
  while (server.operations.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
  first.busy = false;
  expect((await draining).exitCode).toBe(0);
  expect((await run('worker', 'undrain', '--pool-id', pool.id, '--id', first.id)).exitCode).toBe(0);
  expect(first.drained).toBe(false);
  const unknown = await run('worker', 'drain', '--pool-id', pool.id, '--id', pool.id);
  expect(unknown.stderr).toContain(`has no worker ${pool.id}`);
});

test('drain waits also for the run that an idle worker may get before it is drained', async () => {
  const { pool, others, run } = await account();
  const [idle] = others;
  if (!idle) throw new Error('no idle worker');
  idle.busy = false;
  const drain = (...flags: readonly string[]) =>
    run('worker', 'drain', '--pool-id', pool.id, '--id', idle.id, '--json', ...flags);
  const plan = async () => {
    const { stdout } = await drain('--wait-until-drained', '--patience', '5', '--dry-run');
    return JSON.parse(String(stdout)).changes.map(({ status }: { status: string }) => status);
  };
  expect(await plan()).toEqual(['change', 'change']);
  idle.drained = true;
  expect(await plan()).toEqual(['unchanged', 'unchanged']);
  idle.busy = true;
  expect(await plan()).toEqual(['unchanged', 'change']);
  expect(await drain('--patience', '5')).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('--patience') });
});

test('A rolling cycle replaces one worker after the other, and waits for a busy one', async () => {
  const { server, pool, first, others, cwd, run } = await account();
  const program = path.join(cwd, 'replace');
  const log = path.join(cwd, 'log');
  await writeFile(
    program,
    `#!/bin/sh\necho "$1 $SPACELIFT_METADATA_instance_id $SPACELIFT_API_KEY_SECRET" >> ${log}\ncurl -sf ${server.url}/replace/$1\n`,
  );
  await chmod(program, 0o755);
  const cycling = run('cycle', '--pool-id', pool.id, '--confirm', 'build eu', '--rolling', '--replace-with', program);
  while (!first.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(others.some(({ drained }) => drained)).toBe(false);
  first.busy = false;
  const { exitCode, stderr } = await cycling;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const old = [first, ...others].map(({ id }) => id);
  expect(pool.workers).toHaveLength(3);
  expect(pool.workers.filter(({ id }) => old.includes(id))).toEqual([]);
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe(`${first.id} ${JSON.parse(first.metadata).instance_id} `);
  expect(server.cycles).toEqual([]);
});

test('A rolling cycle that fails or is stopped undrains the worker', async () => {
  const { server, pool, first, run, others } = await account();
  first.busy = false;
  const args = ['cycle', '--pool-id', pool.id, '--confirm', 'build eu', '--rolling'];
  const failed = await run(...args, '--replace-with', 'false');
  expect({ exitCode: failed.exitCode, stderr: failed.stderr }).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining('false failed to replace worker'),
  });
  expect(first.drained).toBe(false);
  const stopped = run(...args);
  while (!first.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  stopped.kill('SIGTERM');
  expect((await stopped).exitCode).toBe(143);
  expect([first, ...others].map(({ drained }) => drained)).toEqual([false, false, false]);

  const lost = run(...args);
  while (!first.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  server.trouble({ errors: [{ message: 'not today' }] }, 'workerDrainSet');
  lost.kill('SIGTERM');
  const { exitCode, stderr } = await lost;
  expect(exitCode).toBe(143);
  expect(stderr).toContain(`Worker ${first.id} is still drained`);
  expect(stderr).toContain(`worker undrain --pool-id ${pool.id} --id ${first.id}`);
});

test('Without a terminal, watch prints a line for each change, and with --json a document for each look', async () => {
  const { server, pool, first, run } = await account();
  const watching = run('watch', '--pool-id', pool.id, '--every', '0.2', '--looks', '8');
  watching.stdout?.once('data', () => {
    first.busy = false;
  });
  const lines = String((await watching).stdout).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/build eu: 3 workers, 1 busy, 0 drained; 4 runs waiting$/);
  expect(lines[1]).toMatch(/3 workers, 0 busy/);
  const documents = await run('watch', '--pool-id', pool.id, '--every', '0.1', '--looks', '2', '--json');
  const looks = String(documents.stdout)
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(looks).toMatchObject([{ id: pool.id }, { id: pool.id, workers: expect.any(Array) }]);
  expect(server.operations.filter((each) => each === 'apiKeyUser')).toHaveLength(2);
});

testWith('tmux')('On a terminal, watch redraws its view in place, and Ctrl-C ends it', async () => {
  const { server, pool, first, cwd } = await account();
  const command = [process.execPath, PROGRAM, 'workerpool', 'watch', '--pool-id', pool.id, '--every', '0.2'];
  const terminal = await openTerminal(command, { cwd, env: { ...server.environment }, columns: 100, rows: 20 });
  await terminal.waitFor('3 workers, 1 busy');
  first.busy = false;
  const screen = await terminal.waitFor('3 workers, 0 busy');
  expect(screen.match(/workers, \d busy/g)).toHaveLength(1);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});
