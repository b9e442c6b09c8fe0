import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createHttpClient, type HttpClientOptions } from '../../../src/http/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { createPool, resetPool, setDrained, updatePool } from '../../../src/spacelift/api/pool-changes.ts';
import { getPool, listPools } from '../../../src/spacelift/api/worker-pools.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { createAuthority } from '../../services/authority.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { testWith } from '../../services/programs.ts';
import { type Spacelift, startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { startTunnel } from '../../services/tunnel.ts';

const { signal } = new AbortController();
const CSR = Buffer.from('not looked at');

/** The API as a user of the environment has it, over connections that do not really wait. */
function open(environment: Readonly<Record<string, string>>, options: HttpClientOptions = {}) {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const { credentials } = fromEnvironment(environment);
  if (!credentials) throw new Error('no credentials');
  const api = createApi(credentials, createHttpClient({ environment: {}, wait, ...options }));
  onTestFinished(() => api.close());
  return { api, waits };
}

const asReader = (server: Spacelift) => ({
  ...server.environment,
  SPACELIFT_API_KEY_ID: server.reader.id,
  SPACELIFT_API_KEY_SECRET: server.reader.secret,
});

/** What was thrown, and all that a debug output would show of it. */
async function failureOf(work: Promise<unknown>): Promise<{ error: unknown; shown: string }> {
  const error: unknown = await work.then(
    () => expect.fail('it did not fail'),
    (caught: unknown) => caught,
  );
  const shown: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) shown.push(each.stack ?? '', JSON.stringify(each));
  return { error, shown: shown.join('\n') };
}

test('The client logs in once, and uses the token for all later requests', async () => {
  const server = await startSpacelift();
  server.addPool({ name: 'zoo' });
  server.addPool({ name: 'ark' });
  const { api } = open(server.environment);
  expect((await listPools(api, signal)).map(({ name }) => name)).toEqual(['ark', 'zoo']);
  await listPools(api, signal);
  expect(server.operations).toEqual(['apiKeyUser', 'workerPools', 'workerPools']);
});

test('A GitHub token is exchanged for an access token, and an API token is used as it is', async () => {
  const server = await startSpacelift();
  const gitHub = { SPACELIFT_API_KEY_ENDPOINT: server.url, SPACELIFT_API_GITHUB_TOKEN: server.gitHubToken };
  await listPools(open(gitHub).api, signal);
  await listPools(open({ SPACELIFT_API_TOKEN: server.token() }).api, signal);
  expect(server.operations).toEqual(['oauthUser', 'workerPools', 'workerPools']);
});

test('A token is renewed shortly before it expires', async () => {
  const server = await startSpacelift();
  server.lifetime = 20;
  const { api } = open(server.environment);
  await listPools(api, signal);
  server.lifetime = 3600;
  await listPools(api, signal);
  await listPools(api, signal);
  const [login, list] = ['apiKeyUser', 'workerPools'];
  expect(server.operations).toEqual([login, list, login, list, list]);
});

test('With a clock that is ahead of the server’s, the client still logs in only once', async () => {
  const server = await startSpacelift();
  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  const { api } = open(server.environment);
  server.trouble(
    { alter: ({ data }) => ({ data: { apiKeyUser: { ...data.apiKeyUser, validUntil: hourAgo } } }) },
    'apiKeyUser',
  );
  for (let count = 0; count < 3; count++) await listPools(api, signal);
  expect(server.operations).toEqual(['apiKeyUser', 'workerPools', 'workerPools', 'workerPools']);
});

test('A token that the server no longer accepts is renewed once, also for a mutation', async () => {
  const server = await startSpacelift();
  const pool = server.addPool();
  const worker = server.addWorker(pool);
  const { api } = open(server.environment);
  await getPool(api, pool.id, signal);
  server.revokeTokens();
  await setDrained(api, { pool: pool.id, worker: worker.id, drain: true }, signal);
  expect(worker.drained).toBe(true);
  const expected = ['apiKeyUser', 'workerPool', 'workerDrainSet', 'viewer', 'apiKeyUser', 'workerDrainSet'];
  expect(server.operations).toEqual(expected);
});

test('The error for an expired API token says when it expired and which variable it is from', async () => {
  const server = await startSpacelift();
  const { error, shown } = await failureOf(listPools(open({ SPACELIFT_API_TOKEN: server.token(-60) }).api, signal));
  expect(error).toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: expect.stringMatching(/rejected the credentials from SPACELIFT_API_TOKEN: they expired on \d{4}-/),
  });
  expect(shown).not.toContain('eyJ');
});

test.each([
  ['HTTP 401', { status: 401 } as const],
  ['an error with HTTP 200', { errors: [{ message: 'unauthorized' }] } as const],
])('If a new token is rejected too, by %s, the error is about the credentials', async (_, trouble) => {
  const server = await startSpacelift();
  for (const operation of ['workerPools', 'viewer', 'workerPools', 'viewer']) server.trouble(trouble, operation);
  const { error } = await failureOf(listPools(open(server.environment).api, signal));
  expect(error).toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: expect.stringContaining('SPACELIFT_API_KEY_ID'),
  });
  const wrong = open({ ...server.environment, SPACELIFT_API_KEY_SECRET: 'hush-wrong-secret' });
  const { error: refused, shown } = await failureOf(listPools(wrong.api, signal));
  expect(refused).toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  expect(shown).not.toContain('hush');
});

test('The error for a key with read access says what it has no permission for', async () => {
  const server = await startSpacelift();
  const { error } = await failureOf(createPool(open(asReader(server)).api, { name: 'build' }, CSR, signal));
  expect(error).toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: expect.stringContaining('does not have permission to create a worker pool'),
  });
  server.trouble({ status: 403 }, 'workerPools');
  const { error: forbidden } = await failureOf(listPools(open(server.environment).api, signal));
  expect(forbidden).toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
});

test('A query is repeated after 429 as Retry-After says, after 5xx and after a broken connection', async () => {
  const server = await startSpacelift();
  for (const trouble of [
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 503 },
    { cut: 'before' } as const,
  ]) {
    server.trouble(trouble, 'workerPools');
  }
  server.trouble({ cut: 'after' }, 'workerPools');
  const { api, waits } = open(server.environment);
  expect(await listPools(api, signal)).toEqual([]);
  expect(server.operations).toEqual(['apiKeyUser', ...Array(5).fill('workerPools')]);
  expect(waits[0]).toBe(7000);
});

test.each([
  ['503', { status: 503 } as const],
  ['a broken connection', { cut: 'after' } as const],
])('A mutation that creates something is never sent twice, not even after %s', async (_, trouble) => {
  const server = await startSpacelift();
  server.trouble(trouble, 'workerPoolCreate');
  const { error } = await failureOf(createPool(open(server.environment).api, { name: 'build' }, CSR, signal));
  expect(error).toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  expect(server.operations).toEqual(['apiKeyUser', 'workerPoolCreate']);
});

test('A mutation refused with 429 is repeated, unless the server asks for a longer wait, which the error names', async () => {
  const server = await startSpacelift();
  server.trouble({ status: 429, headers: { 'retry-after': '3' } }, 'workerPoolReset');
  const pool = server.addPool();
  const { api, waits } = open(server.environment);
  const { error } = await failureOf(resetPool(api, pool.id, CSR, signal));
  expect(error).toMatchObject({ code: 'SPACECTL_REQUEST_REFUSED' });
  expect(server.operations).toEqual(['apiKeyUser', 'workerPoolReset', 'workerPoolReset']);
  expect(waits).toEqual([3000]);
  server.trouble({ status: 429, headers: { 'retry-after': '900' } }, 'workerPoolReset');
  expect((await failureOf(resetPool(api, pool.id, CSR, signal))).error).toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    suggestions: [{ text: 'Try again in 900 seconds, as it asks' }],
  });
});

test('A request without an answer times out', async () => {
  const server = await startSpacelift();
  const pool = server.addPool();
  server.trouble({ late: 400 }, 'workerPool');
  await getPool(open(server.environment).api, pool.id, signal);
  for (let count = 0; count < 5; count++) server.trouble({ late: 400 }, 'workerPool');
  const { error } = await failureOf(getPool(open(server.environment, { idleTimeout: 50 }).api, pool.id, signal));
  expect(error).toMatchObject({ code: 'SPACECTL_UNREACHABLE', message: expect.stringContaining('timed out') });
});

test('Errors with HTTP 200 are reported in Spacelift’s own words, without secrets', async () => {
  const server = await startSpacelift();
  const message = `quota of 3 pools is used up; you sent ${server.key.secret}`;
  server.trouble({ errors: [{ message }] }, 'workerPools');
  const { error, shown } = await failureOf(listPools(open(server.environment).api, signal));
  expect(error).toMatchObject({
    code: 'SPACECTL_REQUEST_REFUSED',
    message: expect.stringContaining('Spacelift refused to list worker pools: quota of 3 pools is used up'),
  });
  expect(shown).not.toContain(server.key.secret);
});

test('Operations are valid in Spacelift’s schema, with their types', async () => {
  const server = await startSpacelift();
  const pool = server.addPool({ description: 'old' });
  const { api } = open(server.environment);
  const settings = { name: 'new', description: null, labels: ['a', 'b'], space: 'legacy', driftDetectionRunLimit: 3 };
  await updatePool(api, pool.id, settings, signal);
  expect(await getPool(api, pool.id, signal)).toMatchObject({ ...settings, workers: [], pendingRuns: 0 });
  const { error } = await failureOf(updatePool(api, pool.id, { ...settings, labels: 7 as never }, signal));
  expect(error).toMatchObject({ code: 'SPACECTL_REQUEST_REFUSED' });
});

test('An address that is not a GraphQL API is an error that says what it is instead', async () => {
  const page = await startHttpServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Hi'));
  const other = await startHttpServer((_, response) => response.end('{"status":"ok"}'));
  const lost = await startHttpServer((_, response) => response.writeHead(302, { location: '/login' }).end());
  const whys = [
    /an HTML page instead of an answer \(HTTP 200\)/,
    /is not a GraphQL API: it has neither/,
    /redirects to \/login/,
  ];
  for (const [index, { url }] of [page, other, lost].entries()) {
    const token = { SPACELIFT_API_KEY_ENDPOINT: url, SPACELIFT_API_GITHUB_TOKEN: 'x' };
    const { error } = await failureOf(listPools(open(token).api, signal));
    expect(error).toMatchObject({ message: expect.stringMatching(whys[index] as RegExp) });
  }
});

testWith('openssl')('A private CA in SSL_CERT_FILE is trusted, also through a proxy', async () => {
  const { authority, ...tls } = await createAuthority(['acme.invalid']);
  const server = await startSpacelift(tls, 'acme.invalid');
  const { proxy, tunnels } = await startTunnel(server.host);
  vi.stubEnv('https_proxy', proxy);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { error } = await failureOf(listPools(open(server.environment).api, signal));
  expect(error).toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('signed by an unknown authority'),
  });
  const file = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, authority);
  const { api } = open(server.environment, { environment: { SSL_CERT_FILE: file } });
  expect(await listPools(api, signal)).toEqual([]);
  expect(new Set(tunnels)).toEqual(new Set(['acme.invalid:443']));
});
