import { afterEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { createState, type DeploymentState } from '../../src/deploy/state.ts';
import { planWait } from '../../src/deploy/wait.ts';
import { watchArrival } from '../../src/spacelift/index.ts';
import { createPlanner } from '../../src/step/plan.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A pool that is watched, and what waits for its workers. @param minutes to wait */
async function startWaiting(expected: number, minutes: number) {
  const spacelift = await startSpacelift();
  const pool = spacelift.addPool({ name: 'build' });
  for (const [name, value] of Object.entries(spacelift.environment)) vi.stubEnv(name, value);
  const state = createState();
  state.expected = expected;
  state.pool = pool.id;
  state.arrival = await watchArrival({ pool: pool.id, profile: undefined }, signal);
  const told: string[] = [];
  const wait = async () => {
    const planner = createPlanner({ step: 'workers', planned: [], signal });
    const limits = { minutes, expect: undefined, profile: undefined };
    const [change] = planWait(state, limits, planner).changes;
    if (change?.kind !== 'action') throw new Error('nothing to wait for');
    return change.run(signal, (line) => void told.push(line));
  };
  return { spacelift, pool, state, wait, told };
}

/**
 * Adds hosts whose own checks find these faults. The part behind `@` is the name that a host has for itself.
 * @returns which hosts are asked, later
 */
function addHosts(state: DeploymentState, faults: Record<string, readonly string[]>, isWorker?: 'worker' | 'maybe') {
  const asked: (readonly string[])[] = [];
  state.groups.push({
    hosts: Object.keys(faults).map((name) => ({ name, tag: name.replace(/^.*@/, '') })),
    async ask(names) {
      asked.push(names);
      return names.map((host) => ({
        host,
        faults: faults[host] ?? [],
        isWorker: isWorker === 'worker' ? true : undefined,
        time: undefined,
      }));
    },
  });
  return asked;
}

/** Minutes: one look at the pool. */
const SHORT = 0;

test('it ends when as many workers are there as are expected, and says who they are', async () => {
  const { spacelift, pool, wait, told } = await startWaiting(2, 1);
  spacelift.addWorker(pool);
  spacelift.addWorker(pool, { drained: true });
  const waiting = wait();
  await expect.poll(() => told).toEqual(['1 worker of 2, 1 new']);
  const { id } = spacelift.addWorker(pool, { metadata: '{"host":"worker-2","zone":"b"}' });
  expect(await waiting).toMatchObject({
    notes: ['build has 2 workers', expect.any(String), expect.stringMatching(`^worker-2: ${id}, \\d+ s old, zone=b$`)],
    warnings: [],
  });
});

test('missing workers are a failed check, with what their hosts find', async () => {
  const { wait, state } = await startWaiting(3, SHORT);
  addHosts(state, { 'worker-1': ['the disk is full'], 'worker-2': [] });
  state.groups.push({
    hosts: [{ name: 'worker-3', tag: 'worker-3' }],
    ask: () => Promise.reject(new UserError('SPACECTL_UNREACHABLE', 'worker-3 cannot be reached')),
  });
  await expect(wait()).rejects.toMatchObject({
    code: 'SPACECTL_CHECK_FAILED',
    message: expect.stringMatching(
      /^build has 0 workers of 3 .*\. No worker from worker-1, worker-2 and worker-3\. worker-1: the disk is full\. worker-2: its own checks pass\. worker-3: does not answer$/,
    ),
  });
});

test('workers of other hosts do not count for a host that is deployed, and only that host is asked', async () => {
  const { spacelift, pool, wait, state } = await startWaiting(2, SHORT);
  const asked = addHosts(state, { 'root@one': [], 'root@two': ['the launcher was restarted 3 times'] });
  for (const host of ['one', 'elsewhere', 'elsewhere'])
    spacelift.addWorker(pool, { metadata: JSON.stringify({ host }) });
  await expect(wait()).rejects.toMatchObject({
    code: 'SPACECTL_CHECK_FAILED',
    message: expect.stringMatching(
      /^build has 3 workers of 2 .*\. No worker from root@two\. root@two: the launcher was restarted 3 times$/,
    ),
  });
  expect(asked).toEqual([['root@two']]);
});

test('two hosts of the same name need two workers', async () => {
  const { spacelift, pool, wait, state } = await startWaiting(2, SHORT);
  addHosts(state, { 'a@debian': [], 'b@debian': [] }, 'maybe');
  for (const host of ['debian', 'other']) spacelift.addWorker(pool, { metadata: JSON.stringify({ host }) });
  await expect(wait()).rejects.toThrow('No worker from a@debian and b@debian');
  spacelift.addWorker(pool, { metadata: '{"host":"debian"}' });
  expect(await wait()).toMatchObject({ warnings: [] });
});

test('a host whose checks pass is a warning if the pool has enough workers', async () => {
  const { spacelift, pool, wait, state } = await startWaiting(1, SHORT);
  addHosts(state, { one: [] }, 'worker');
  spacelift.addWorker(pool, { metadata: '{"host":"ONE"}' });
  expect(await wait()).toMatchObject({
    warnings: ['The checks on one pass, but no worker in the pool has the tag host=one'],
  });
});

test('where the tag is not known, workers are counted', async () => {
  const { spacelift, pool, wait, state } = await startWaiting(1, SHORT);
  state.groups.push({ hosts: [{ name: 'one', tag: undefined }], ask: async () => [] });
  spacelift.addWorker(pool);
  expect(await wait()).toMatchObject({ warnings: [] });
});

test('where restarted launchers do not show as new workers, it ends with a warning', async () => {
  const { spacelift, pool, wait, state } = await startWaiting(1, SHORT);
  spacelift.addWorker(pool);
  state.arrival = await watchArrival({ pool: pool.id, profile: undefined }, signal);
  state.started = 1;
  expect(await wait()).toMatchObject({ warnings: ['1 launcher started, but the pool shows 0 new workers'] });
});

test('without credentials, or without knowing the pool, it says what was not checked', async () => {
  const { wait, state } = await startWaiting(1, 1);
  state.arrival = undefined;
  for (const name of ['ENDPOINT', 'ID', 'SECRET']) vi.stubEnv(`SPACELIFT_API_KEY_${name}`, '');
  vi.stubEnv('HOME', await temporaryFolder());
  expect(await wait()).toMatchObject({ warnings: [expect.stringContaining('no credentials')] });
  state.pool = undefined;
  expect(await wait()).toMatchObject({ warnings: [expect.stringContaining('does not say which pool')] });
});
