import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../src/http/index.ts';
import { makeKey, makeRequest } from '../../../src/pki/index.ts';
import { readJournal, tokenFileOf } from '../../../src/pool-folder/index.ts';
import type { Api } from '../../../src/spacelift/api/api.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { UnconfirmedError } from '../../../src/spacelift/api/unconfirmed.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { createOnce, findOtherPools } from '../../../src/spacelift/pools/create.ts';
import { startSpacelift, type Trouble } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();
let key: Buffer;
let csr: Buffer;
beforeAll(async () => {
  key = Buffer.from(await makeKey(2048));
  csr = Buffer.from(await makeRequest(key, 'a key', [{ type: 'CN', value: 'workers' }]));
});

/** A folder with a key, and an account whose answers to `workerPoolCreate` meet the given troubles. */
async function account(...troubles: readonly Trouble[]) {
  const [server, dir] = [await startSpacelift(), await temporaryFolder()];
  await writeFile(path.join(dir, 'spacelift.key'), key, { mode: 0o600 });
  for (const trouble of troubles) server.trouble(trouble, 'workerPoolCreate');
  const { credentials } = fromEnvironment(server.environment);
  if (!credentials) throw new Error('no credentials');
  const api = createApi(credentials, createHttpClient({ environment: {}, wait: async () => {} }));
  onTestFinished(() => api.close());
  const create = (name = 'build') => createOnce(api, { dir, settings: { name }, csr }, signal);
  return { server, dir, api, create };
}

test('A pool is created once, and its token saved, however often it is asked for', async () => {
  const { server, dir, create } = await account();
  const made = await create();
  expect(await create()).toMatchObject({ pool: { id: made.pool.id }, token: made.token });
  expect(server.operations.filter((each) => each === 'workerPoolCreate')).toHaveLength(1);
  expect(await readFile(path.join(dir, 'worker-pool.config'))).toEqual(Buffer.from(made.token));
  expect(await readJournal(dir)).toEqual({
    endpoint: server.url,
    name: 'build',
    id: made.pool.id,
    state: 'created',
  });
});

test.each([
  ['refuses the pool', { errors: [{ message: 'name is reserved' }] }, 'SPACECTL_REQUEST_REFUSED'],
  ['does not allow it', { errors: [{ message: 'unauthorized' }] }, 'SPACECTL_NOT_ALLOWED'],
])('If Spacelift %s, the folder can be used for another pool', async (_, trouble, code) => {
  const { dir, create } = await account(trouble);
  await expect(create()).rejects.toMatchObject({ code });
  expect(await readdir(dir)).toEqual(['spacelift.key']);
  expect(await create('another')).toMatchObject({ pool: { name: 'another' } });
});

test('If the request cannot be sent, the folder stays with the pool that it is for', async () => {
  const { dir, create } = await account({ status: 429, headers: { 'retry-after': '3600' } });
  await expect(create()).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  expect(await readJournal(dir)).toMatchObject({ name: 'build', state: 'creating' });
  await expect(create('another')).rejects.toMatchObject({ code: 'SPACECTL_WOULD_OVERWRITE' });
  expect(await create()).toMatchObject({ pool: { name: 'build' } });
});

test('A pool whose answer was lost is found', async () => {
  const { server, create } = await account({ cut: 'after' });
  const { pool } = await create();
  expect([...server.pools.keys()]).toEqual([pool.id]);
});

test.each<[string, readonly Trouble[]]>([
  ['is not in the list', []],
  ['cannot be looked for', [{ late: 0 }, { status: 404 }]],
])('A pool whose answer was lost, and that %s, may exist', async (_, lists) => {
  const { server, dir, create } = await account({ cut: 'before' });
  for (const trouble of lists) server.trouble(trouble, 'workerPools');
  const error = await create().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UnconfirmedError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/The request to .* may have been carried out: worker pool "build" may exist\. Run/),
    suggestions: expect.arrayContaining([
      { command: `spacectl workerpool create --name build --dir ${dir}` },
      { text: 'See what became of it', command: 'spacectl workerpool list' },
    ]),
    cause: expect.any(UnconfirmedError),
  });
  expect(await readJournal(dir)).toMatchObject({ name: 'build', state: 'creating' });
  expect(await create()).toMatchObject({ pool: { name: 'build' } });
  expect(server.pools.size).toBe(1);
});

test('A pool that exists stays known to the folder if its token cannot be saved', async () => {
  const { dir, create } = await account();
  const { pool } = await create();
  const file = path.join(dir, tokenFileOf(pool.id));
  await rm(file);
  // Nothing can be read there, and links are never replaced.
  await symlink('nowhere', file);
  await expect(create()).rejects.toMatchObject({
    message: expect.stringContaining(`Worker pool "build" (${pool.id}) exists, but its token could not be saved`),
  });
  expect(await readJournal(dir)).toMatchObject({ id: pool.id, state: 'created' });
});

test('A bug while an unconfirmed pool is looked for is not hidden behind the lost answer', async () => {
  const { dir, api } = await account({ cut: 'before' });
  const bug = new TypeError('a bug');
  let isSent = false;
  const broken: Api = {
    ...api,
    async send(operation, variables, each) {
      if (isSent) throw bug;
      isSent = operation.field === 'workerPoolCreate';
      return api.send(operation, variables, each);
    },
  };
  await expect(createOnce(broken, { dir, settings: { name: 'build' }, csr }, signal)).rejects.toBe(bug);
});

test('Pools that another machine created at the same moment are found by their name', async () => {
  const { server, api, create } = await account();
  const made = await create();
  server.addPool({ name: 'other' });
  expect(await findOtherPools(api, made, signal)).toEqual([]);
  const twin = server.addPool({ name: 'build' });
  expect(await findOtherPools(api, made, signal)).toEqual([twin.id]);
  server.trouble({ status: 404 }, 'workerPools');
  expect(await findOtherPools(api, made, signal)).toEqual([]);
  await expect(findOtherPools(api, made, AbortSignal.abort())).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});
