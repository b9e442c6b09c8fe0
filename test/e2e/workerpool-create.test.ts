import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { count, expectWhole, poolFolder, tokenIn } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';
import { type Spacelift, startSpacelift } from '../services/spacelift.ts';
import { countMoments, stopped } from '../services/stop-at.ts';
import { temporaryFolder } from '../services/temporary.ts';

const create = (server: Spacelift, dir: string, ...more: readonly string[]) =>
  spacectl(['workerpool', 'create', '--dir', dir, '--name', 'build', ...more], { env: server.environment });

test('A pool is created with its settings, its token is saved with mode 0600 and shown nowhere, and a second run changes nothing', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const settings = [
    '--space',
    'legacy',
    '--description',
    'Linux',
    '--label',
    'a',
    '--label',
    'b',
    '--drift-limit',
    '3',
  ];
  const first = await create(server, dir, ...settings);
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toMatchObject({ exitCode: 0 });
  await expectWhole(server, dir);
  const [pool] = server.pools.values();
  const given = { name: 'build', space: 'legacy', description: 'Linux', labels: ['a', 'b'], driftDetectionRunLimit: 3 };
  expect(pool).toMatchObject(given);
  expect(first.stdout).toContain(pool?.id);
  const token = await tokenIn(dir);
  for (const secret of [token.slice(10, 60), server.key.secret, 'eyJ']) {
    expect(`${first.stdout}${first.stderr}`).not.toContain(secret);
  }
  const verified = await spacectl(['keypair', 'verify', '--dir', dir, '--json']);
  expect(JSON.parse(String(verified.stdout))).toMatchObject({
    belongTogether: true,
    findings: [{}, { part: 'token' }],
  });

  const again = await create(server, dir, '--json');
  const { changes, facts } = JSON.parse(String(again.stdout));
  expect(new Set(changes.map(({ status }: { status: string }) => status))).toEqual(new Set(['unchanged']));
  expect(facts.createWorkerPool).toMatchObject({ id: pool?.id, name: 'build' });
  expect(count(server, 'workerPoolCreate')).toBe(1);

  // A token that somebody puts there later is the one that counts.
  const later = Buffer.from(`{"later": true, "of": ${token.length}}`).toString('base64');
  await writeFile(path.join(dir, 'worker-pool.config'), later);
  expect((await create(server, dir)).exitCode).toBe(0);
  expect(await tokenIn(dir)).toBe(later);
});

test('A dry run says what would be created, and creates nothing', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const { exitCode, stdout } = await create(server, dir, '--dry-run');
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Create the worker pool "build"'),
  });
  expect(server.pools.size).toBe(0);
  expect((await readdir(dir)).sort()).toEqual(['spacelift.csr', 'spacelift.key']);
});

test('Creation that is killed at any moment and run again leaves one pool with its token, and never resets it', async () => {
  const start = await poolFolder();
  const copyOf = async (name: string) => {
    await cp(start, `${start}-${name}`, { recursive: true });
    return `${start}-${name}`;
  };
  const command = (dir: string) => ['workerpool', 'create', '--dir', dir, '--name', 'build'];
  const moments = await countMoments(command(await copyOf('counted')), (await startSpacelift()).environment);
  expect(moments).toBeGreaterThan(20);
  const killAndRunAgain = async (at: number) => {
    const [server, dir] = [await startSpacelift(), await copyOf(`killed-${at}`)];
    const killed = await stopped(command(dir), { STOP_AT: String(at) }, { env: server.environment });
    expect({ at, signal: killed.signal }).toEqual({ at, signal: 'SIGKILL' });
    const { exitCode, stderr } = await create(server, dir);
    expect({ at, exitCode, stderr }).toMatchObject({ at, exitCode: 0 });
    await expectWhole(server, dir);
    expect(count(server, 'workerPoolReset')).toBe(0);
  };
  const all = Array.from({ length: moments }, (_, index) => index + 1);
  for (let first = 0; first < moments; first += 4) await Promise.all(all.slice(first, first + 4).map(killAndRunAgain));
}, 240_000);

test('Runs at the same moment in one directory create one pool, and all succeed', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  for (let count = 0; count < 2; count++) server.trouble({ late: 300 }, 'workerPoolCreate');
  const runs = await Promise.all([create(server, dir), create(server, dir), create(server, dir)]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(count(server, 'workerPoolCreate')).toBe(1);
  await expectWhole(server, dir);
});

test('Interrupted while Spacelift creates the pool, the command saves the token and exits with 130', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  server.trouble({ late: 1500 }, 'workerPoolCreate');
  const running = create(server, dir);
  while (!server.operations.includes('workerPoolCreate')) await new Promise((resolve) => setTimeout(resolve, 20));
  running.kill('SIGINT');
  const { exitCode, stderr } = await running;
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Interrupted') });
  await expectWhole(server, dir);
});

test('If Spacelift refuses to create the pool after an interruption, the error says so', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  server.trouble({ late: 1500, errors: [{ message: 'too many pools' }] }, 'workerPoolCreate');
  const running = create(server, dir);
  while (!server.operations.includes('workerPoolCreate')) await new Promise((resolve) => setTimeout(resolve, 20));
  running.kill('SIGINT');
  const { exitCode, stderr } = await running;
  expect(exitCode).toBe(130);
  expect(stderr).toContain('Finishing a step that can be neither undone nor repeated');
  expect(stderr).toContain('Spacelift refused to create a worker pool: too many pools');
});

test('A pool that already has the name is found, and no second one is created', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const pool = server.addPool({ name: 'build' });
  const { exitCode, stderr } = await create(server, dir);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 73,
    stderr: expect.stringContaining(`workerpool reset --pool-id ${pool.id}`),
  });
  expect(server.pools.size).toBe(1);
  expect(count(server, 'workerPoolCreate')).toBe(0);
});

test('After Spacelift refuses to create a pool, the directory can be used for another one', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const other = ['workerpool', 'create', '--dir', dir, '--name', 'other'];
  server.trouble({ errors: [{ message: 'access denied' }] }, 'workerPoolCreate');
  expect((await create(server, dir)).exitCode).toBe(77);
  expect(await spacectl(other, { env: server.environment })).toMatchObject({ exitCode: 0 });
  expect([...server.pools.values()].map(({ name }) => name)).toEqual(['other']);
});

test('A directory that belongs to a pool is refused for another one', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  await create(server, dir);
  const other = await spacectl(['workerpool', 'create', '--dir', dir, '--name', 'other'], { env: server.environment });
  expect(other.exitCode).toBe(73);
  expect(other.stderr).toContain('belongs to worker pool "build"');
  const stranger = server.addPool({ name: 'stranger' });
  const reset = ['workerpool', 'reset', '--dir', dir, '--pool-id', stranger.id, '--confirm', 'stranger'];
  const taken = await spacectl(reset, { env: server.environment });
  expect(taken.exitCode).toBe(73);
  expect(taken.stderr).toContain('belongs to worker pool "build"');
  const [own] = server.pools.values();
  expect(await tokenIn(dir)).toBe(own?.tokens.at(-1));
});

test('Without a certificate request or credentials, the error says what to do and nothing is created', async () => {
  const server = await startSpacelift();
  const empty = await temporaryFolder();
  const none = await create(server, empty);
  expect(none.exitCode).toBe(74);
  expect(none.stderr).toContain(`spacectl keypair generate --dir ${empty}`);
  const dir = await poolFolder();
  const args = ['workerpool', 'create', '--dir', dir, '--name', 'build'];
  const lost = await spacectl(args, { env: { HOME: empty } });
  expect(lost.exitCode).toBe(2);
  expect(lost.stderr).toContain('Missing --api-endpoint, --api-key-id, --api-key-secret-file');
  const secret = path.join(empty, 'secret');
  await writeFile(secret, `${server.key.secret}\n`);
  const given = ['--api-endpoint', server.url, '--api-key-id', server.key.id, '--api-key-secret-file', secret];
  expect((await spacectl([...args, ...given], { env: { HOME: empty } })).exitCode).toBe(0);
  await expectWhole(server, dir);
});

test('An API key that is given has priority over the environment, and an incomplete one is refused', async () => {
  const [elsewhere, server, dir] = [await startSpacelift(), await startSpacelift(), await poolFolder()];
  const secret = path.join(await temporaryFolder(), 'secret');
  await writeFile(secret, `${server.key.secret}\n`);
  const args = ['workerpool', 'create', '--dir', dir, '--name', 'build'];
  const part = await spacectl([...args, '--api-key-id', server.key.id], { env: elsewhere.environment });
  expect(part.exitCode).toBe(2);
  expect(part.stderr).toContain('The API key is incomplete: missing --api-endpoint and --api-key-secret-file');
  const variables = {
    SPACECTL_API_ENDPOINT: server.url,
    SPACECTL_API_KEY_ID: server.key.id,
    SPACECTL_API_KEY_SECRET: server.key.secret,
  };
  const run = await spacectl(args, { env: { ...elsewhere.environment, ...variables } });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(elsewhere.pools.size).toBe(0);
  await expectWhole(server, dir);
  const given = ['--api-endpoint', server.url, '--api-key-id', server.key.id, '--api-key-secret-file', secret];
  const list = await spacectl(['workerpool', 'list', ...given, '--json'], { env: elsewhere.environment });
  expect(JSON.parse(String(list.stdout))).toHaveLength(1);
});

test('A directory that cannot be written to is an error before the pool is created', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  await mkdir(path.join(dir, 'worker-pool.json'));
  const { exitCode } = await create(server, dir);
  expect(exitCode).toBe(74);
  expect(server.pools.size).toBe(0);
});
