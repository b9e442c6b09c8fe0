import { expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { type Spacelift, startSpacelift } from '../services/spacelift.ts';
import { ulid } from '../services/spacelift-authority.ts';
import type { StoredRun } from '../services/spacelift-pools.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

const CREATED = 1_790_000_000;
const CREATED_TEXT = '2026-09-21 14:13:20';

/** Waiting runs of stacks called stack-1, stack-2, … */
function runs(count: number): StoredRun[] {
  return Array.from({ length: count }, (_, index) => ({
    id: ulid(),
    stackId: `stack-${index + 1}`,
    createdAt: CREATED + index,
    state: 'QUEUED',
    type: 'TRACKED',
    title: `Change ${index + 1}`,
  }));
}

/** An account with a pool of three workers, one of them drained, and a queue. */
async function account(waiting = 3) {
  const server = await startSpacelift();
  const pool = server.addPool({ name: 'build', createdAt: CREATED, queue: runs(waiting), pendingRuns: waiting });
  server.addWorker(pool, { busy: true, createdAt: CREATED });
  server.addWorker(pool, { drained: true, createdAt: CREATED + 60, metadata: '{"secret_tag":"seen"}' });
  server.addWorker(pool, { availableAt: CREATED + 120 });
  const cwd = await temporaryFolder();
  const run = (...args: readonly string[]) => spacectl(['workerpool', ...args], { cwd, env: server.environment });
  return { server, pool, cwd, run };
}

/** The queries for pools that were sent so far. */
const queriesOf = ({ bodies }: Spacelift) =>
  bodies.map((body) => JSON.parse(body).query).filter((query) => /workerPool/.test(query));

test('The list shows drained workers and waiting runs, and does not request the metadata of workers', async () => {
  const { server, pool, run } = await account();
  const { stdout } = await run('list');
  const [titles = '', row = ''] = String(stdout).split('\n');
  expect(titles.trim().split(/ {2,}/)).toEqual([
    'ID',
    'Name',
    'Space',
    'Description',
    'Waiting Runs',
    'Busy Workers',
    'Drained Workers',
    'Workers',
  ]);
  expect(row.trim().split(/ +/)).toEqual([pool.id, 'build', 'legacy', '3', '1', '1', '3']);
  const [listed] = JSON.parse(String((await run('list', '--json')).stdout));
  expect(listed).toMatchObject({ id: pool.id, pendingRuns: 3, busyWorkers: 1, drainedWorkers: 1, workersCount: 3 });
  expect(listed).not.toHaveProperty('workers');
  for (const query of queriesOf(server)) expect(query).not.toMatch(/metadata|config/);
});

test('A pool is shown with its age and its controller, and a worker with its status and how long it has been idle', async () => {
  const { pool, run } = await account();
  pool.managedByK8sController = true;
  const { stdout } = await run('show', '--pool-id', pool.id);
  expect(stdout).toContain(`Created ${CREATED_TEXT} UTC\nManaged by a Kubernetes controller\n`);
  expect(stdout).toMatch(/ID +Busy +Drained +Status +Since +Idle Since +Metadata/);
  expect(stdout).toMatch(/true +false +BUSY +2026-09-21 14:13:20 +instance_id=/);
  expect(stdout).toMatch(/false +false +IDLE +\S+ \S+ +2026-09-21 14:15:20/);
  const workers = JSON.parse(String((await run('worker', 'list', '--pool-id', pool.id, '--json')).stdout));
  expect(workers[2]).toMatchObject({ status: 'IDLE', availableAt: CREATED + 120, createdAt: expect.any(Number) });
});

test('Pools of an older server, which has neither the queue nor these fields, can still be listed, shown and watched', async () => {
  const { server, pool, run } = await account();
  server.removeFields(
    'status',
    'availableAt',
    'managedByK8sController',
    'schedulableRunsCount',
    'searchSchedulableRuns',
  );
  const shown = await run('show', '--pool-id', pool.id);
  expect(shown.stdout).toMatch(/ID +Busy +Drained +Since +Metadata/);
  const watched = await run('watch', '--pool-id', pool.id, '--looks', '1', '--json');
  expect(JSON.parse(String(watched.stdout))).toMatchObject({ id: pool.id, pendingRuns: 3 });
  expect(JSON.parse(String(watched.stdout))).not.toHaveProperty('queue');
  expect((await run('list')).stdout).toContain(pool.id);
});

test('With --json, watch prints the queue in its order', async () => {
  const { pool, run } = await account();
  const { stdout } = await run('watch', '--pool-id', pool.id, '--looks', '1', '--json');
  const { queue } = JSON.parse(String(stdout));
  expect(queue).toEqual(pool.queue.map((each, index) => ({ ...each, position: index + 1 })));
});

testWith('tmux')('On a terminal, watch shows the first waiting runs, and how many more there are', async () => {
  const { server, pool, cwd } = await account(12);
  const command = [process.execPath, PROGRAM, 'workerpool', 'watch', '--pool-id', pool.id, '--every', '0.2'];
  const terminal = await openTerminal(command, { cwd, env: { ...server.environment }, columns: 120, rows: 24 });
  const screen = await terminal.waitFor('… 4 more');
  expect(screen).toContain('3 workers, 1 busy, 1 drained; 12 runs waiting');
  expect(screen).toMatch(new RegExp(`1 +stack-1 +${pool.queue[0]?.id} +QUEUED +TRACKED +${CREATED_TEXT}`));
  expect(screen).not.toContain('stack-9');
  expect(screen).toContain(pool.workers[2]?.id ?? '');
  pool.queue.splice(0, 12);
  pool.pendingRuns = 0;
  expect(await terminal.waitFor('0 runs waiting')).not.toContain('Queue');
  await terminal.press('C-c');
  await terminal.ended();
});

test('A pool that a Kubernetes controller manages is reset, rotated or changed only with --force', async () => {
  const { server, pool, cwd, run } = await account();
  pool.managedByK8sController = true;
  await putKeyPair(cwd);
  const key = ['--dir', cwd, '--pool-id', pool.id];
  const commands = [
    ['workerpool', 'reset', ...key, '--confirm', 'build'],
    ['keypair', 'rotate', ...key, '--confirm', 'build', '--bits', '2048'],
    ['workerpool', 'update', '--pool-id', pool.id, '--description', 'new'],
  ];
  for (const args of commands) {
    const before = server.operations.length;
    const refused = await spacectl(args, { cwd, env: server.environment });
    expect({ exitCode: refused.exitCode, args }).toEqual({ exitCode: 73, args });
    expect(String(refused.stderr).replace(/\s+/g, ' ')).toContain(
      `"build" (${pool.id}) is managed by a Kubernetes controller`,
    );
    expect(server.operations.slice(before).filter((each) => /Reset|Update/.test(each))).toEqual([]);
    const forced = await spacectl([...args, '--force'], { cwd, env: server.environment });
    expect({ exitCode: forced.exitCode, stderr: forced.stderr }).toMatchObject({ exitCode: 0 });
  }
  expect(pool).toMatchObject({ description: 'new' });
  expect(pool.tokens).toHaveLength(2);
  // A change that is made already is no conflict.
  expect((await run('update', '--pool-id', pool.id, '--description', 'new')).exitCode).toBe(0);
});
