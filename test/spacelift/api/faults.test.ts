import { expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { createHttpClient } from '../../../src/http/index.ts';
import { makeKey, makeRequest } from '../../../src/pki/index.ts';
import type { Api } from '../../../src/spacelift/api/api.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import {
  createPool,
  cyclePool,
  deletePool,
  resetPool,
  setDrained,
  updatePool,
} from '../../../src/spacelift/api/pool-changes.ts';
import { fetchToken, getPool, getWatchedPool, listPools } from '../../../src/spacelift/api/worker-pools.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import type { Act, Fault } from './faults/fault.ts';
import { LOGINS } from './faults/logins.ts';
import { PARTS } from './faults/partial.ts';
import { SHAPES } from './faults/shapes.ts';
import { STATUSES } from './faults/statuses.ts';
import { VALUES } from './faults/values.ts';

const FAULTS: readonly Fault[] = [...STATUSES, ...SHAPES, ...VALUES, ...PARTS, ...LOGINS];

const { signal } = new AbortController();

/** What each act asks of the API: its operation, and the call. */
const ACTS: Readonly<Record<Act, readonly [string, (api: Api, ids: Ids) => Promise<unknown>]>> = {
  list: ['workerPools', (api) => listPools(api, signal)],
  show: ['workerPool', (api, { pool }) => getPool(api, pool, signal)],
  watch: ['workerPool', (api, { pool }) => getWatchedPool(api, pool, signal)],
  token: ['workerPool', (api, { pool }) => fetchToken(api, pool, signal)],
  whoami: ['viewer', (api) => api.viewer(signal)],
  create: ['workerPoolCreate', async (api) => createPool(api, { name: 'new' }, await request(), signal)],
  reset: ['workerPoolReset', async (api, { pool }) => resetPool(api, pool, await request(), signal)],
  update: ['workerPoolUpdate', (api, { pool }) => updatePool(api, pool, { name: 'x', labels: ['a'] }, signal)],
  delete: ['workerPoolDelete', (api, { pool }) => deletePool(api, pool, signal)],
  cycle: ['workerPoolCycle', (api, { pool }) => cyclePool(api, pool, signal)],
  drain: ['workerDrainSet', (api, ids) => setDrained(api, { ...ids, drain: true }, signal)],
};

interface Ids {
  readonly pool: string;
  readonly worker: string;
}

let csr: Promise<Buffer> | undefined;
async function request(): Promise<Buffer> {
  csr ??= makeKey(2048).then((key) => makeRequest(key, 'a key', [{ type: 'CN', value: 'workers' }]));
  return csr;
}

test.each(FAULTS.map((fault) => [fault.title, fault.act, fault] as const))('%s: %s', async (_title, _act, fault) => {
  const server = await startSpacelift();
  const stored = server.addPool({ name: 'build', queue: [] });
  const ids = { pool: stored.id, worker: server.addWorker(stored).id };
  const [own, send] = ACTS[fault.act];
  const operation = fault.on ?? own;
  for (const trouble of fault.troubles) server.trouble(trouble, operation);
  fault.given?.(server);
  const { credentials } = fromEnvironment(server.environment);
  if (!credentials) throw new Error('no credentials');
  const http = createHttpClient({ environment: {}, wait: async () => {}, ...fault.patience });
  const api = createApi(credentials, http);
  onTestFinished(() => api.close());
  const error = await send(api, ids).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  // A mistake of ours would be another error.
  if (fault.says) expect(error).toBeInstanceOf(UserError);
  expect(error).toEqual(
    fault.says &&
      expect.objectContaining({
        code: fault.code ?? 'SPACECTL_UNREACHABLE',
        message: expect.stringMatching(fault.says),
      }),
  );
  expect(server.operations.filter((each) => each === operation)).toHaveLength(fault.sent ?? 1);
  // Whatever happens, nothing is created twice, and no secret is shown.
  expect(server.pools.size).toBeLessThanOrEqual(2);
  const shown = error instanceof Error ? `${error.stack}` : '';
  for (const secret of [server.key.secret, api.session.present ?? 'eyJ']) expect(shown).not.toContain(secret);
});

test('The table of faults has all kinds', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(80);
  expect(new Set(FAULTS.map(({ title }) => title)).size).toBe(FAULTS.length);
});
