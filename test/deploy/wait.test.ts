import { afterEach, expect, test, vi } from 'vitest';
import { createCrew } from '../../src/deploy/crew.ts';
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
  const crew = createCrew();
  crew.expected = expected;
  crew.pool = pool.id;
  crew.arrival = await watchArrival({ pool: pool.id, profile: undefined }, signal);
  const told: string[] = [];
  const wait = async () => {
    const planner = createPlanner({ step: 'workers', planned: [], signal });
    const patience = { minutes, expect: undefined, profile: undefined };
    const [change] = planWait(crew, patience, planner).changes;
    if (change?.kind !== 'action') throw new Error('nothing to wait for');
    return change.run(signal, (line) => void told.push(line));
  };
  return { spacelift, pool, crew, wait, told };
}

/** A moment, in minutes. */
const SHORT = 0.005;

test('it ends when as many workers are there as are expected, and says who they are', async () => {
  const { spacelift, pool, wait, told } = await startWaiting(2, 1);
  spacelift.addWorker(pool);
  spacelift.addWorker(pool, { drained: true });
  const waiting = wait();
  await expect.poll(() => told).toEqual(['1 worker of 2, 1 new']);
  const { id } = spacelift.addWorker(pool, { metadata: '{"host":"worker-2"}' });
  expect(await waiting).toMatchObject({
    notes: ['build has 2 workers', expect.any(String), expect.stringMatching(`^${id} since \\d+ s host=worker-2$`)],
    warnings: [],
  });
});

test('missing workers are a failed check, with what their hosts find', async () => {
  const { wait, crew } = await startWaiting(1, SHORT);
  crew.inquiries.push(
    async () => [{ host: 'worker-1', faults: ['the disk is full'] }],
    async () => [{ host: 'worker-2', faults: [] }],
    () => Promise.reject(new Error('worker-3 does not answer')),
  );
  await expect(wait()).rejects.toMatchObject({
    code: 'SPACECTL_CHECK_FAILED',
    message: expect.stringMatching(
      /build has 0 workers of 1 .*worker-1: the disk is full\. worker-2: its own check finds no fault$/,
    ),
  });
});

test('where restarted launchers do not show as new workers, it ends with a warning', async () => {
  const { spacelift, pool, wait, crew } = await startWaiting(1, SHORT);
  spacelift.addWorker(pool);
  crew.arrival = await watchArrival({ pool: pool.id, profile: undefined }, signal);
  crew.started = 1;
  expect(await wait()).toMatchObject({ warnings: ['1 launcher started, but the pool shows 0 new workers'] });
});

test('without credentials, or without knowing the pool, it says what was not checked', async () => {
  const { wait, crew } = await startWaiting(1, 1);
  crew.arrival = undefined;
  for (const name of ['ENDPOINT', 'ID', 'SECRET']) vi.stubEnv(`SPACELIFT_API_KEY_${name}`, '');
  vi.stubEnv('HOME', await temporaryFolder());
  expect(await wait()).toMatchObject({ warnings: [expect.stringContaining('no credentials')] });
  crew.pool = undefined;
  expect(await wait()).toMatchObject({ warnings: [expect.stringContaining('does not say which pool')] });
});
