import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { count, poolFolder } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('whoami says who is logged in, as Spacelift says it', async () => {
  const server = await startSpacelift();
  const { stdout } = await spacectl(['whoami', '--json'], { env: server.environment });
  expect(JSON.parse(String(stdout))).toMatchObject({ id: `api::${server.key.id}`, name: 'deploy', method: 'apikey' });
  const words = await spacectl(['whoami'], { env: server.environment });
  expect(words.stdout).toContain(`Identity: deploy (api::${server.key.id})`);
});

test('a revoked token is rejected: by whoami, and by profile login, which does not save it', async () => {
  const server = await startSpacelift();
  const token = server.token();
  server.revokeTokens();
  const env = { SPACELIFT_CONFIG_DIR: path.join(await temporaryFolder(), 'config') };
  await mkdir(env.SPACELIFT_CONFIG_DIR);
  const whoami = await spacectl(['whoami'], { env: { ...env, SPACELIFT_API_TOKEN: token } });
  expect({ exitCode: whoami.exitCode, stderr: whoami.stderr }).toMatchObject({
    exitCode: 77,
    stderr: expect.stringContaining('rejected the credentials from SPACELIFT_API_TOKEN'),
  });
  const login = await spacectl(['profile', 'login', 'jwt', '--method', 'token'], {
    env: { ...env, SPACECTL_ACCESS_TOKEN: token },
  });
  expect({ exitCode: login.exitCode, stderr: login.stderr }).toMatchObject({
    exitCode: 77,
    stderr: expect.stringContaining('rejected the credentials'),
  });
  expect((await readdir(env.SPACELIFT_CONFIG_DIR)).filter((name) => name.startsWith('config.json'))).toEqual([]);
});

test('a missing permission says who is logged in and what to check, after one login and one mutation', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const { id, secret } = server.reader;
  const env = { ...server.environment, SPACELIFT_API_KEY_ID: id, SPACELIFT_API_KEY_SECRET: secret };
  const create = ['workerpool', 'create', '--dir', dir, '--name', 'build'];
  const { exitCode, stderr } = await spacectl(create, { env });
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 77,
    stderr: expect.stringContaining(
      `reader (api::${id}), logged in with the credentials from SPACELIFT_API_KEY_ID, does not`,
    ),
  });
  expect(stderr).toContain('Use an API key with admin access to the space');
  expect([count(server, 'workerPoolCreate'), count(server, 'apiKeyUser')]).toEqual([1, 1]);
  // The folder is free for another pool.
  expect(await readdir(dir)).not.toContain('worker-pool.json');
});

test('a worker that Spacelift says it does not find may be one that the key has no right to', async () => {
  const server = await startSpacelift();
  const pool = server.addPool();
  const worker = server.addWorker(pool);
  const { id, secret } = server.reader;
  const env = { ...server.environment, SPACELIFT_API_KEY_ID: id, SPACELIFT_API_KEY_SECRET: secret };
  const drain = ['workerpool', 'worker', 'drain', '--pool-id', pool.id, '--id', worker.id];
  const { exitCode, stderr } = await spacectl(drain, { env });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('worker not found') });
  expect(stderr).toContain('Spacelift also says so to an API key without admin access');
});

test('the name of a space in place of its ID is pointed out', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const create = ['workerpool', 'create', '--dir', dir, '--name', 'build', '--space', 'My Space'];
  const { exitCode, stderr } = await spacectl(create, { env: server.environment });
  expect(exitCode).toBe(77);
  expect(stderr).toContain('Check that "My Space" is the ID of a space, as in its URL in Spacelift, not its name');
  server.spaces.add('my-space-01');
  const byId = await spacectl([...create.slice(0, -1), 'my-space-01'], { env: server.environment });
  expect({ exitCode: byId.exitCode, stderr: byId.stderr }).toMatchObject({ exitCode: 0 });
});

test('an update keeps what it does not change, also on servers that clear what is left out', async () => {
  const server = await startSpacelift();
  const pool = server.addPool({ space: 'root', description: 'Linux', labels: ['a'], driftDetectionRunLimit: -1 });
  const update = (...args: readonly string[]) =>
    spacectl(['workerpool', 'update', '--pool-id', pool.id, ...args], { env: server.environment });
  expect((await update('--label', 'b')).exitCode).toBe(0);
  expect(pool).toMatchObject({ space: 'root', description: 'Linux', labels: ['b'] });
  const { variables } = JSON.parse(server.bodies.findLast((body) => body.includes('workerPoolUpdate')) ?? '{}');
  // No limit is not sent as one: what could not be read must not be cleared.
  expect(variables).toEqual({ id: pool.id, name: 'build', description: 'Linux', labels: ['b'], space: 'root' });
  expect((await update('--drift-limit', '0')).exitCode).toBe(0);
  expect(pool.driftDetectionRunLimit).toBe(0);
  expect((await update('--drift-limit', 'none')).exitCode).toBe(0);
  expect(pool.driftDetectionRunLimit).toBe(-1);
});

test('a change that Spacelift accepts and does not make is an error that names the setting', async () => {
  const server = await startSpacelift();
  const pool = server.addPool({ description: 'Linux' });
  server.trouble({ alter: () => ({ data: { workerPoolUpdate: { id: pool.id } } }) }, 'workerPoolUpdate');
  const ignored = { ...pool };
  const running = spacectl(['workerpool', 'update', '--pool-id', pool.id, '--description', 'new'], {
    env: server.environment,
  });
  // The stand-in carries it out; the other side takes it back.
  while (pool.description === 'Linux') await new Promise((resolve) => setTimeout(resolve, 1));
  Object.assign(pool, ignored);
  const { exitCode, stderr } = await running;
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining('afterwards description is "Linux", not "new"'),
  });
});

test('a limit that an older server does not know is pointed out', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  server.removeFields('driftDetectionRunLimit');
  const create = ['workerpool', 'create', '--dir', dir, '--name', 'build'];
  const refused = await spacectl([...create, '--drift-limit', '3'], { env: server.environment });
  expect({ exitCode: refused.exitCode, stderr: refused.stderr }).toMatchObject({
    exitCode: 69,
    stderr: expect.stringContaining('does not know driftDetectionRunLimit'),
  });
  expect((await spacectl(create, { env: server.environment })).exitCode).toBe(0);
  const [pool] = server.pools.values();
  const show = await spacectl(['workerpool', 'show', '--pool-id', pool?.id ?? ''], { env: server.environment });
  expect({ exitCode: show.exitCode, stdout: show.stdout }).toMatchObject({ exitCode: 0 });
});
