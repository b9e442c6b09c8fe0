import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A user of the vendor's CLI: two profiles, and fields that only that CLI knows. */
async function configFolder(url: string) {
  const folder = path.join(await temporaryFolder(), 'config');
  await mkdir(folder);
  const stored = { type: 1, endpoint: url, key_id: 'old', key_secret: 'hush-old', proxy_auth: { command: ['iap'] } };
  const document = {
    currentProfileAlias: 'other',
    profiles: {
      acme: { alias: 'acme', credentials: stored, color: 'red' },
      other: { alias: 'other', credentials: { type: 3, endpoint: url, access_token: 'hush-other' } },
    },
    telemetry: { isOff: true },
  };
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(document));
  const read = async () => JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8'));
  return { folder, document, read, env: { SPACELIFT_CONFIG_DIR: folder } };
}

test('A login asks Spacelift, saves the key with mode 0600, and keeps everything else in the file', async () => {
  const server = await startSpacelift();
  const { folder, document, read, env } = await configFolder(server.url);
  const args = ['profile', 'login', 'acme', '--api-endpoint', `${server.url}/`, '--api-key-id', server.key.id];
  const run = await spacectl([...args, '--api-key-secret-file', '-'], {
    env,
    input: `${server.key.secret}\n`,
    stdin: 'pipe',
  });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(`${run.stdout}${run.stderr}`).not.toContain(server.key.secret);
  expect((await stat(path.join(folder, 'config.json'))).mode & 0o777).toBe(0o600);
  const { acme, other } = document.profiles;
  const credentials = { ...acme.credentials, key_id: server.key.id, key_secret: server.key.secret };
  expect(await read()).toEqual({
    ...document,
    currentProfileAlias: 'acme',
    profiles: { acme: { ...acme, credentials }, other },
  });
  const { stdout } = await spacectl(['whoami', '--json'], { env });
  expect(JSON.parse(String(stdout))).toMatchObject({
    endpoint: server.url,
    source: 'the profile "acme"',
    subject: `api::${server.key.id}`,
  });
});

test('Credentials that Spacelift rejects are not saved', async () => {
  const server = await startSpacelift();
  const { document, read, env } = await configFolder(server.url);
  const args = [
    'profile',
    'login',
    'new',
    '--api-endpoint',
    server.url,
    '--api-key-id',
    server.key.id,
    '--api-key-secret-file',
    '-',
  ];
  const { exitCode, stderr } = await spacectl(args, { env, input: 'hush-wrong', stdin: 'pipe' });
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 77,
    stderr: expect.stringContaining('rejected the credentials'),
  });
  expect(stderr).not.toContain('hush');
  expect(await read()).toEqual(document);
});

test('A GitHub token and an API token log in too, and the API token names its account', async () => {
  const server = await startSpacelift();
  const env = { SPACELIFT_CONFIG_DIR: path.join(await temporaryFolder(), 'new') };
  const gitHub = [
    'profile',
    'login',
    'hub',
    '--method',
    'github',
    '--api-endpoint',
    server.url,
    '--access-token-file',
    '-',
  ];
  expect((await spacectl(gitHub, { env, input: server.gitHubToken, stdin: 'pipe' })).exitCode).toBe(0);
  const token = ['profile', 'login', 'jwt', '--method', 'token'];
  const named = { ...env, SPACECTL_ACCESS_TOKEN: server.token() };
  expect((await spacectl(token, { env: named })).exitCode).toBe(0);
  const { stdout } = await spacectl(['profile', 'list', '--json'], { env });
  expect(JSON.parse(String(stdout))).toEqual([
    { alias: 'hub', endpoint: server.url, isCurrent: false, method: 'github' },
    { alias: 'jwt', endpoint: server.url, isCurrent: true, method: 'token' },
  ]);
});

test('The commands list, current, select and logout show no secret, and logout removes one profile only', async () => {
  const { document, read, env } = await configFolder('https://acme.app.spacelift.io');
  const run = async (...args: readonly string[]) => spacectl(['profile', ...args], { env });
  const list = await run('list');
  expect(list.stdout).toMatch(/Current\s+Alias\s+Endpoint\s+Type/);
  expect(list.stdout).toMatch(/\* +other +https:\/\/acme.app.spacelift.io +API Token/);
  expect((await run('current')).stdout).toBe('other');
  expect((await run('select', 'acme')).exitCode).toBe(0);
  expect((await run('current')).stdout).toBe('acme');
  const unknown = await run('select', 'acm');
  expect({ exitCode: unknown.exitCode, stderr: unknown.stderr }).toMatchObject({
    exitCode: 77,
    stderr: expect.stringContaining('--profile acme'),
  });
  const out = await run('logout', 'acme');
  expect(out.exitCode).toBe(0);
  expect(await read()).toEqual({ ...document, currentProfileAlias: '', profiles: { other: document.profiles.other } });
  expect((await run('current')).exitCode).toBe(77);
  expect(`${list.stdout}${out.stdout}${out.stderr}`).not.toContain('hush');
});

test('Without a terminal, a login reports all missing flags in one error', async () => {
  const { exitCode, stderr } = await spacectl(['profile', 'login', 'acme'], { env: { HOME: await temporaryFolder() } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Missing --api-endpoint, --api-key-id, --api-key-secret-file');
});

test('The token that export-token prints is that of the current profile, not that of the environment', async () => {
  const server = await startSpacelift();
  const { env } = await configFolder(server.url);
  const login = [
    'profile',
    'login',
    'acme',
    '--api-endpoint',
    server.url,
    '--api-key-id',
    server.reader.id,
    '--api-key-secret-file',
    '-',
  ];
  await spacectl(login, { env, input: server.reader.secret, stdin: 'pipe' });
  const { stdout, exitCode } = await spacectl(['profile', 'export-token'], { env: { ...env, ...server.environment } });
  expect(exitCode).toBe(0);
  const [, claims = ''] = String(stdout).split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')).sub).toBe(`api::${server.reader.id}`);
  const whoami = await spacectl(['whoami'], { env: { ...env, SPACELIFT_API_TOKEN: String(stdout) } });
  expect(whoami.stdout).toContain('Credentials: SPACELIFT_API_TOKEN');
});

test('A failed login shows no secret, not even with DEBUG', async () => {
  const server = await startSpacelift();
  for (let count = 0; count < 2; count++) server.trouble({ errors: [{ message: `no: ${server.key.secret}` }] });
  const { stdout, stderr } = await spacectl(['workerpool', 'list'], { env: { ...server.environment, DEBUG: '*' } });
  expect(stderr).toContain('SPACECTL_REQUEST_REFUSED');
  for (const secret of [server.key.secret, 'eyJ', 'Bearer']) expect(`${stdout}${stderr}`).not.toContain(secret);
});
