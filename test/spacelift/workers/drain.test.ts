import { expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { createHttpClient } from '../../../src/http/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { tolerateOutages } from '../../../src/spacelift/api/outage.ts';
import { getPool } from '../../../src/spacelift/api/worker-pools.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { watchPool } from '../../../src/spacelift/pools/watch.ts';
import { drainAll, replaceWorker, waitUntilAllIdle, waitUntilIdle } from '../../../src/spacelift/workers/drain.ts';
import { type Spacelift, startSpacelift } from '../../services/spacelift.ts';

const { signal } = new AbortController();

/** An account with a pool of two workers, and its API over connections that do not really wait. */
async function account() {
  const server = await startSpacelift();
  const stored = server.addPool();
  const first = server.addWorker(stored);
  server.addWorker(stored);
  const { credentials } = fromEnvironment(server.environment);
  if (!credentials) throw new Error('no credentials');
  const api = createApi(credentials, createHttpClient({ environment: {}, wait: async () => {} }));
  onTestFinished(() => api.close());
  const pool = await getPool(api, stored.id, signal);
  const worker = pool.workers.find(({ id }) => id === first.id);
  if (!worker) throw new Error('no worker');
  return { server, stored, first, api, pool, worker };
}

/** The next request of this operation fails however often it is sent. */
function cutOff(server: Spacelift, operation: string): void {
  for (let attempt = 0; attempt < 5; attempt++) server.trouble({ cut: 'before' }, operation);
}

test('Waiting for a run to end continues during a network outage, and reports it', async () => {
  const { server, first, api, pool } = await account();
  first.drained = true;
  cutOff(server, 'workerPool');
  const reports: string[] = [];
  await waitUntilIdle(api, pool.id, first.id, { signal, report: (progress) => reports.push(progress) });
  expect(reports).toEqual([expect.stringMatching(/waiting for its run to finish\. Cannot reach .*: retrying$/)]);
});

test('Watching a pool continues during a network outage', async () => {
  const { server, api, pool } = await account();
  const looks = [];
  for await (const look of watchPool(api, pool.id, { every: 1, looks: 3, signal })) {
    if (looks.push(look) === 1) cutOff(server, 'workerPool');
  }
  expect(looks).toMatchObject([{ id: pool.id }, { code: 'SPACECTL_UNREACHABLE' }, { id: pool.id }]);
});

test('An outage that lasts too long ends the wait, and so does any other failure', async () => {
  const fail = (code: 'SPACECTL_UNREACHABLE' | 'SPACECTL_NOT_ALLOWED', longest: number) =>
    tolerateOutages(() => Promise.reject(new UserError(code, 'no')), longest)();
  expect(await fail('SPACECTL_UNREACHABLE', 1000)).toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  await expect(fail('SPACECTL_UNREACHABLE', -1)).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  await expect(fail('SPACECTL_NOT_ALLOWED', 1000)).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
});

test('The error names a worker that cannot be undrained, with the command to do it, but not one that is gone', async () => {
  const { server, stored, first, api, pool, worker } = await account();
  /** The error of a replacement whose program fails, while something else happens. */
  const failureWhile = (meanwhile: () => void) => {
    first.busy = true;
    const report = () => {
      meanwhile();
      first.busy = false;
    };
    return replaceWorker(api, { pool, worker, program: 'false' }, { signal, report }).catch((error: unknown) => error);
  };
  expect(await failureWhile(() => cutOff(server, 'workerDrainSet'))).toMatchObject({
    code: 'SPACECTL_PROGRAM_FAILED',
    message: expect.stringMatching(new RegExp(`^false failed to replace .* Worker ${first.id} is still drained$`)),
    suggestions: [{ command: `spacectl workerpool worker undrain --pool-id ${pool.id} --id ${first.id}` }],
  });
  expect(first.drained).toBe(true);
  expect(await failureWhile(() => stored.workers.shift())).toMatchObject({
    code: 'SPACECTL_PROGRAM_FAILED',
    message: expect.not.stringContaining('still drained'),
    suggestions: [],
  });
});

test('Runs that do not finish in time end the wait for a drained pool, and its workers stay drained', async () => {
  const { stored, first, api, pool } = await account();
  first.busy = true;
  await drainAll(api, pool.id, pool.workers, signal);
  const waiting = waitUntilAllIdle(api, pool.id, { signal, report: () => {}, timeout: -60_000 });
  await expect(waiting).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('Runs on drained workers did not finish within'),
    suggestions: [{ command: `spacectl workerpool worker list --pool-id ${pool.id}` }],
  });
  expect(stored.workers.map(({ drained }) => drained)).toEqual([true, true]);
});

test('A run that does not finish in time ends the wait for one worker, which stays drained', async () => {
  const { first, api, pool } = await account();
  Object.assign(first, { busy: true, drained: true });
  const waiting = waitUntilIdle(api, pool.id, first.id, { signal, report: () => {}, timeout: -60_000 });
  await expect(waiting).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining(`Worker ${first.id} did not finish its run within`),
  });
  expect(first.drained).toBe(true);
});

test('A worker that disconnects while its pool is drained is not an error, but one that cannot be drained is', async () => {
  const { server, stored, api, pool, first } = await account();
  stored.workers.shift();
  await drainAll(api, pool.id, pool.workers, signal);
  expect(stored.workers.map(({ drained }) => drained)).toEqual([true]);
  stored.workers.push(first);
  server.trouble({ errors: [{ message: 'not today' }] }, 'workerDrainSet');
  await expect(drainAll(api, pool.id, pool.workers, signal)).rejects.toMatchObject({
    message: expect.stringContaining('not today'),
  });
});
