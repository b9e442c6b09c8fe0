import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { count, expectWhole, poolFolder, tokenIn } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';
import { type GraphQlResponse, type Spacelift, startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

const run = (server: Spacelift, dir: string, ...args: readonly string[]) =>
  spacectl([...args, '--dir', dir], { env: server.environment });
const create = (server: Spacelift, dir: string, ...more: readonly string[]) =>
  run(server, dir, 'workerpool', 'create', '--name', 'build', ...more);

/** An account with a pool that was created from a folder. */
async function createdPool() {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  expect((await create(server, dir)).exitCode).toBe(0);
  const [pool] = server.pools.values();
  if (!pool) throw new Error('no pool');
  const loseToken = async () => {
    for (const name of ['worker-pool.config', `worker-pool-${pool.id}.config`]) await rm(path.join(dir, name));
  };
  return { server, dir, pool, loseToken };
}

const ownId = async (dir: string) => JSON.parse(await readFile(path.join(dir, 'worker-pool.json'), 'utf8')).id;

/** The answer of a server that created the pool, but failed to read its token. */
function withoutToken({ data }: GraphQlResponse): GraphQlResponse {
  const [field = ''] = Object.keys(data);
  const errors = [{ message: 'internal error', path: [field, 'config'] }];
  return { data: { [field]: { ...data[field], config: null } }, errors };
}

/** The same of a server in whose schema the token is never null: then the pool is missing too. */
function withoutPool({ data }: GraphQlResponse): GraphQlResponse {
  const [field = ''] = Object.keys(data);
  return { data: null, errors: [{ message: 'internal error', path: [field, 'config'] }] };
}

test.each([
  ['the connection breaks', { cut: 'after' }],
  ['the answer is cut', { cut: 'middle' }],
  ['a gateway answers 502', { status: 502, body: 'Bad Gateway', isDone: true }],
  ['the answer lacks the token', { alter: withoutToken }],
  ['the answer lacks the pool', { alter: withoutPool }],
  ['a proxy replaces the answer by a page', { alter: () => '<html><title>Blocked</title></html>' }],
] as const)(
  'The token of a pool that was just created is read again, and nothing is sent twice, if %s',
  async (_, trouble) => {
    const [server, dir] = [await startSpacelift(), await poolFolder()];
    server.trouble(trouble, 'workerPoolCreate');
    const { exitCode, stderr } = await create(server, dir);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    await expectWhole(server, dir);
    expect(count(server, 'workerPoolCreate')).toBe(1);
    expect(count(server, 'workerPoolReset')).toBe(0);
  },
);

test('Creating a pool succeeds even if the list of pools cannot be read afterwards', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const creating = create(server, dir);
  while (!server.operations.includes('workerPoolCreate')) await new Promise((resolve) => setTimeout(resolve, 1));
  server.trouble({ errors: [{ message: 'not today' }] }, 'workerPools');
  expect((await creating).exitCode).toBe(0);
  await expectWhole(server, dir);
});

test('A reset whose answer is lost is recognized by the pool’s token, or the error says how to find out', async () => {
  const { server, dir, pool } = await createdPool();
  const reset = () => run(server, dir, 'workerpool', 'reset', '--confirm', 'build');
  server.trouble({ cut: 'after' }, 'workerPoolReset');
  expect((await reset()).exitCode).toBe(0);
  await expectWhole(server, dir);
  expect(pool.tokens).toHaveLength(2);
  server.trouble({ status: 502, isDone: true }, 'workerPoolReset');
  // Not the read before the reset, but the one after it.
  server.trouble({ alter: (answer) => answer }, 'workerPool');
  server.trouble({ errors: [{ message: 'not today' }] }, 'workerPool');
  const lost = await reset();
  expect(lost.exitCode).toBe(69);
  expect(lost.stderr).toContain(`See whether it was:\n    spacectl workerpool token --pool-id ${pool.id}`);
  expect((await run(server, dir, 'workerpool', 'token')).exitCode).toBe(0);
  await expectWhole(server, dir);
});

test('If the answer is lost and no pool is found, the error says that the pool may exist and what to run', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  server.trouble({ status: 502 }, 'workerPoolCreate');
  const lost = await create(server, dir, '--json');
  const { error } = JSON.parse(String(lost.stdout));
  expect(lost.exitCode).toBe(69);
  expect(error.message).toContain('worker pool "build" may exist. Run the command again');
  const [, command = ''] = /^spacectl (.+)$/.exec(error.suggestions[0].command) ?? [];
  expect((await spacectl(command.split(' '), { env: server.environment })).exitCode).toBe(0);
  await expectWhole(server, dir);
});

test.each(['create', 'init', 'token'])(
  'a token that was lost is read again, with %s, and nothing is reset',
  async (way) => {
    const { server, dir, loseToken } = await createdPool();
    await loseToken();
    const commands = {
      create: ['workerpool', 'create', '--name', 'build'],
      init: ['init', '--no-input', '--target', 'systemd', '--pool', 'existing'],
      token: ['workerpool', 'token'],
    };
    const { exitCode, stdout, stderr } = await run(server, dir, ...(commands[way as 'init'] ?? []));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    await expectWhole(server, dir);
    expect(`${stdout}${stderr}`).not.toContain((await tokenIn(dir)).slice(10, 60));
    expect(count(server, 'workerPoolReset') + count(server, 'workerPoolCreate')).toBe(1);
  },
);

test('The token of another key is refused, and a reset is suggested as the last resort', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const pool = server.addPool({ name: 'build' });
  const { exitCode, stderr } = await run(server, dir, 'workerpool', 'token', '--pool-id', pool.id);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 73,
    stderr: expect.stringContaining(`its token is for another key than ${path.join(dir, 'spacelift.key')}`),
  });
  expect(stderr).toContain('As a last resort, which cuts off every worker of the pool:\n    spacectl workerpool reset');
  await expect(tokenIn(dir)).rejects.toThrow('ENOENT');
});

test('The pool’s present token is saved, the old one is kept as a backup, and a second run changes nothing', async () => {
  const { server, dir, pool } = await createdPool();
  const old = await tokenIn(dir);
  const csr = await readFile(path.join(dir, 'spacelift.csr'));
  const query =
    'mutation ($id: ID!, $csr: String!) { workerPoolReset(id: $id, certificateSigningRequest: $csr) { id } }';
  const variables = { id: pool.id, csr: csr.toString('base64') };
  await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token()}` },
    body: JSON.stringify({ query, variables }),
  });
  expect(pool.tokens).toHaveLength(2);
  const shown = await run(server, dir, 'workerpool', 'show');
  expect(shown.stdout).toMatch(
    /Token: the token in .* is not the pool's any more\. spacectl workerpool token --pool-id/,
  );
  const first = await run(server, dir, 'workerpool', 'token');
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toMatchObject({ exitCode: 0 });
  await expectWhole(server, dir);
  const [, backup = ''] = /previous token is saved as (\S+)/.exec(String(first.stdout)) ?? [];
  expect(await readFile(backup, 'utf8')).toBe(old);
  const again = await run(server, dir, 'workerpool', 'token', '--json');
  const { changes } = JSON.parse(String(again.stdout));
  expect(new Set(changes.map(({ status }: { status: string }) => status))).toEqual(new Set(['unchanged']));
});

test('Without a pool, the token command asks for one, and it leaves the directory of another pool alone', async () => {
  const { server, dir } = await createdPool();
  const none = await run(server, await temporaryFolder(), 'workerpool', 'token');
  expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Missing --pool-id') });
  const stranger = server.addPool({ name: 'stranger' });
  const other = await run(server, dir, 'workerpool', 'token', '--pool-id', stranger.id);
  expect(other).toMatchObject({ exitCode: 73, stderr: expect.stringContaining('belongs to worker pool "build"') });
  expect(server.pools.get(await ownId(dir))?.tokens.at(-1)).toBe(await tokenIn(dir));
});

test('Without a key to compare it with, the token is saved with a warning', async () => {
  const { server, pool } = await createdPool();
  const dir = await temporaryFolder();
  const saved = await run(server, dir, 'workerpool', 'token', '--pool-id', pool.id);
  expect(saved.exitCode).toBe(0);
  expect(`${saved.stdout}${saved.stderr}`).toContain('Nothing shows whether the token is for the key');
  expect(await tokenIn(dir)).toBe(pool.tokens[0]);
});

test('`workerpool show` compares the token in the directory with the pool’s, and shows neither', async () => {
  const { server, dir, pool, loseToken } = await createdPool();
  const state = async () => {
    const { stdout } = await run(server, dir, 'workerpool', 'show', '--json');
    expect(stdout).not.toContain(pool.tokens[0]?.slice(10, 60));
    return JSON.parse(String(stdout)).token.state;
  };
  expect(await state()).toBe('current');
  await loseToken();
  expect(await state()).toBe('missing');
  pool.tokens.length = 0;
  expect(await state()).toBe('other key');
  const elsewhere = await run(server, await temporaryFolder(), 'workerpool', 'show', '--pool-id', pool.id, '--json');
  expect(JSON.parse(String(elsewhere.stdout))).not.toHaveProperty('token');
});

test('With credentials for the account, the doctor checks that the token in the directory is still the pool’s', async () => {
  const { server, dir, pool, loseToken } = await createdPool();
  const diagnose = async (env: Record<string, string>) => {
    const { stdout } = await spacectl(['doctor', '--pre', '--json', '--dir', dir, '--skip', 'egress'], { env });
    const { checks } = JSON.parse(String(stdout));
    return checks.find(({ id }: { id: string }) => id === 'pool-token').findings[0];
  };
  expect(await diagnose(server.environment)).toMatchObject({ status: 'good' });
  await loseToken();
  expect(await diagnose(server.environment)).toMatchObject({
    status: 'bad',
    fix: `spacectl workerpool token --pool-id ${pool.id} --dir ${dir}`,
  });
  expect(await diagnose({ HOME: await temporaryFolder() })).toMatchObject({ status: 'skipped' });
  const other = await startSpacelift();
  expect(await diagnose(other.environment)).toMatchObject({ status: 'skipped' });
  expect(other.operations).toEqual([]);
});

test('A damaged token in the directory is replaced by the pool’s', async () => {
  const { server, dir, pool } = await createdPool();
  for (const name of ['worker-pool.config', `worker-pool-${pool.id}.config`]) {
    await writeFile(path.join(dir, name), pool.tokens[0]?.slice(0, 100) ?? '');
  }
  expect((await create(server, dir)).exitCode).toBe(0);
  await expectWhole(server, dir);
});
