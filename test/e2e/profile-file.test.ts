import { lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { binaryIn, oursIn, pathOf, shimIn } from '../services/spacelift-cli.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

type Server = Awaited<ReturnType<typeof startSpacelift>>;

const readJson = async (file: string) => JSON.parse(await readFile(file, 'utf8'));

/** Logs in with the server's API key. The secret comes from standard input. */
function login(server: Server, alias: string, env: Record<string, string>, secret = server.key.secret) {
  const key = ['--api-endpoint', server.url, '--api-key-id', server.key.id, '--api-key-secret-file', '-'];
  return spacectl(['profile', 'login', alias, ...key], { env, input: secret, stdin: 'pipe' });
}

test('Four logins at once save four profiles', async () => {
  const server = await startSpacelift();
  const env = { SPACELIFT_CONFIG_DIR: path.join(await temporaryFolder(), 'config') };
  const aliases = ['one', 'two', 'three', 'four'];
  const runs = await Promise.all(aliases.map((alias) => login(server, alias, env)));
  expect(runs.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    aliases.map(() => ({ exitCode: 0, stderr: expect.any(String) })),
  );
  const { profiles, currentProfileAlias } = await readJson(path.join(env.SPACELIFT_CONFIG_DIR, 'config.json'));
  expect(new Set(Object.keys(profiles))).toEqual(new Set(aliases));
  expect(aliases).toContain(currentProfileAlias);
});

test('A new config.json and its directory are private to their owner', async () => {
  const server = await startSpacelift();
  const folder = path.join(await temporaryFolder(), 'new', 'config');
  expect((await login(server, 'acme', { SPACELIFT_CONFIG_DIR: folder })).exitCode).toBe(0);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(folder, 'config.json'))).mode & 0o777).toBe(0o600);
});

test('Selecting the profile that is selected already makes a file private that others may read', async () => {
  const env = { SPACELIFT_CONFIG_DIR: await temporaryFolder() };
  const file = path.join(env.SPACELIFT_CONFIG_DIR, 'config.json');
  const credentials = { type: 2, endpoint: 'https://acme.app.spacelift.io', key_id: 'a', key_secret: 'b' };
  const profiles = { old: { alias: 'old', credentials } };
  await writeFile(file, JSON.stringify({ currentProfileAlias: 'old', profiles }), { mode: 0o644 });
  expect((await spacectl(['profile', 'select', 'old'], { env })).exitCode).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { mtimeMs } = await stat(file);
  expect((await spacectl(['profile', 'select', 'old'], { env })).exitCode).toBe(0);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
});

test.each([
  ['a file with profiles', '{"profiles":{"old":{"alias":"old","credentials":{"type":2}}},"kept":1}'],
  ['a file that does not exist yet', undefined],
])('A config.json that is a link to %s stays a link, and the file it leads to is changed', async (_, before) => {
  const server = await startSpacelift();
  const folder = await temporaryFolder();
  const [config, dotfiles] = [path.join(folder, 'config'), path.join(folder, 'dotfiles')];
  await Promise.all([mkdir(config), mkdir(dotfiles)]);
  const target = path.join(dotfiles, 'spacelift.json');
  if (before !== undefined) await writeFile(target, before, { mode: 0o644 });
  const link = path.join(config, 'config.json');
  await symlink('../dotfiles/spacelift.json', link);
  const { exitCode, stderr } = await login(server, 'acme', { SPACELIFT_CONFIG_DIR: config });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(await readlink(link)).toBe('../dotfiles/spacelift.json');
  expect((await lstat(target)).mode & 0o777).toBe(0o600);
  const document = await readJson(target);
  expect(Object.keys(document.profiles)).toEqual(before === undefined ? ['acme'] : ['old', 'acme']);
  expect(document.kept).toBe(before === undefined ? undefined : 1);
});

test('A warning names each variable that has priority over the chosen profile', async () => {
  const server = await startSpacelift();
  const env = { SPACELIFT_CONFIG_DIR: await temporaryFolder() };
  const run = (args: readonly string[], more: Record<string, string>) =>
    spacectl(['profile', ...args], { env: { ...env, ...more } });
  const loggedIn = await login(server, 'acme', { ...env, ...server.environment });
  const names = 'SPACELIFT_API_KEY_ENDPOINT, SPACELIFT_API_KEY_ID, SPACELIFT_API_KEY_SECRET';
  const flat = (text: unknown) => String(text).replace(/\s+/g, ' ');
  expect(flat(loggedIn.stdout)).toContain(`Warning: ${names} have priority over the current profile: unset them`);
  expect(flat((await run(['select', 'acme'], { SPACELIFT_PROFILE: 'other' })).stdout)).toContain(
    'Warning: SPACELIFT_PROFILE=other has priority over the current profile',
  );
  const current = await run(['current'], { SPACELIFT_API_TOKEN: server.token() });
  expect({ stdout: current.stdout, stderr: flat(current.stderr) }).toEqual({
    stdout: 'acme',
    stderr: 'Warning: SPACELIFT_API_TOKEN has priority over the current profile: unset it, or pass --profile acme',
  });
  const quiet = [{}, { SPACELIFT_PROFILE: 'acme' }, { SPACELIFT_API_KEY_ID: 'without the rest' }];
  for (const more of quiet) expect((await run(['select', 'acme'], more)).stdout).not.toContain('Warning');
});

test('A newline at the end of a secret is ignored in a file, a variable and a profile', async () => {
  const server = await startSpacelift();
  const folder = await temporaryFolder();
  const env = { SPACELIFT_CONFIG_DIR: path.join(folder, 'config') };
  const ended = (text: string) => `${text}\r\n`;
  expect((await login(server, 'file', env, ended(server.key.secret))).exitCode).toBe(0);
  const args = ['profile', 'login', 'variable', '--api-endpoint', server.url, '--api-key-id', server.key.id];
  const variable = { ...env, SPACECTL_API_KEY_SECRET: ended(server.key.secret) };
  expect((await spacectl(args, { env: variable })).exitCode).toBe(0);
  const own = Object.entries(server.environment).map(([name, value]) => [name, ended(value)]);
  const tokens = [Object.fromEntries(own), { SPACELIFT_API_TOKEN: ended(server.token()) }];
  for (const each of tokens) expect((await spacectl(['whoami'], { env: { ...env, ...each } })).exitCode).toBe(0);
  const file = path.join(env.SPACELIFT_CONFIG_DIR, 'config.json');
  const { profiles } = await readJson(file);
  for (const alias of ['file', 'variable']) expect(profiles[alias].credentials.key_secret).toBe(server.key.secret);
  profiles.file.credentials.key_secret = ended(server.key.secret);
  profiles.file.credentials.key_id = ended(server.key.id);
  profiles.token = { credentials: { type: 3, endpoint: server.url, access_token: ended(server.token()) } };
  await writeFile(file, JSON.stringify({ profiles }));
  for (const alias of ['file', 'token']) {
    const { exitCode, stderr } = await spacectl(['whoami', '--profile', alias], { env });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }
});

test('The variables of Spacelift’s CLI choose the login method and the endpoint, and ours have priority', async () => {
  const server = await startSpacelift();
  const env = { SPACELIFT_CONFIG_DIR: await temporaryFolder(), SPACECTL_ACCESS_TOKEN: server.gitHubToken };
  const theirs = { SPACECTL_LOGIN_METHOD: 'github', SPACECTL_LOGIN_ENDPOINT: `${server.url}/` };
  const run = await spacectl(['profile', 'login', 'hub'], { env: { ...env, ...theirs } });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  const { profiles } = await readJson(path.join(env.SPACELIFT_CONFIG_DIR, 'config.json'));
  expect(profiles.hub.credentials).toEqual({ type: 2, endpoint: server.url, access_token: server.gitHubToken });
  const key = { SPACELIFT_API_KEY_ID: server.key.id, SPACELIFT_API_KEY_SECRET: server.key.secret };
  const byKey = { ...env, ...theirs, ...key, SPACECTL_LOGIN_METHOD: 'api' };
  expect((await spacectl(['profile', 'login', 'key'], { env: byKey })).exitCode).toBe(0);
  const ours = { ...theirs, SPACECTL_METHOD: 'token', SPACECTL_ACCESS_TOKEN: server.token() };
  expect((await spacectl(['profile', 'login', 'jwt'], { env: { ...env, ...ours } })).exitCode).toBe(0);
  const bad = await spacectl(['profile', 'login', 'x'], { env: { ...env, SPACECTL_LOGIN_METHOD: 'saml' } });
  expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('SPACECTL_LOGIN_METHOD: "saml" is not') });
});

testWith('go')('A login with a browser runs Spacelift’s CLI, and the profile works here', async () => {
  const server = await startSpacelift();
  const env = { SPACELIFT_CONFIG_DIR: await temporaryFolder(), PATH: pathOf(await oursIn(), await binaryIn()) };
  const args = ['profile', 'login', 'acme', '--method', 'browser', '--api-endpoint', server.url];
  const { exitCode, stdout, stderr } = await spacectl([...args, '--json'], {
    env: { ...env, STAND_IN_TOKEN: server.token() },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Done!' });
  expect(JSON.parse(String(stdout))).toMatchObject({
    facts: { loginProfile: { alias: 'acme', endpoint: server.url } },
  });
  expect((await spacectl(['whoami'], { env })).stdout).toContain('the profile "acme"');
  const failed = await spacectl(args, { env });
  expect(failed).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('failed to log in: exit code 1') });
  const planned = await spacectl([...args, '--dry-run'], { env });
  expect(planned.stdout).toContain(`Log in to ${server.url} with a browser, using ${await binaryIn()}/spacectl`);
});

testWith('tmux')('During a login with a browser, Spacelift’s CLI has the terminal', async () => {
  const folder = await temporaryFolder();
  const profiles = '{"profiles":{"acme":{"credentials":{"type":3}}}}';
  const cli = await shimIn(
    `printf "code? "; read -r code; test -t 1 && echo "got $code"; echo '${profiles}' > ${folder}/config.json`,
  );
  const login = ['profile', 'login', 'acme', '--method', 'browser', '--api-endpoint', 'https://acme.app.spacelift.io'];
  const environment = ['env', `PATH=${pathOf(cli)}`, `SPACELIFT_CONFIG_DIR=${folder}`];
  const terminal = await openTerminal([...environment, process.execPath, PROGRAM, ...login], { cwd: folder });
  await terminal.waitFor('code?');
  await terminal.press('4', '2', 'Enter');
  const screen = await terminal.waitFor('Logged in to https://acme.app.spacelift.io');
  expect(screen).toContain('got 42');
  expect(await terminal.ended()).toBe(0);
});

test('Stopping a login with a browser stops Spacelift’s CLI too', async () => {
  const file = path.join(await temporaryFolder(), 'process-id');
  const cli = await shimIn(`echo $$ > ${file}; echo waiting; exec sleep 60`);
  const env = { SPACELIFT_CONFIG_DIR: await temporaryFolder(), PATH: pathOf(cli) };
  const args = ['profile', 'login', 'acme', '--method', 'browser', '--api-endpoint', 'https://acme.app.spacelift.io'];
  const running = spacectl(args, { env });
  running.stderr?.on('data', (text) => String(text).includes('waiting') && running.kill('SIGTERM'));
  expect(await running).toMatchObject({ exitCode: 143, stdout: '' });
  const processId = Number(await readFile(file, 'utf8'));
  // Whoever adopted it may take a moment to notice.
  await vi.waitFor(() => expect(() => process.kill(processId, 0)).toThrow('ESRCH'), 10_000);
});

test('Without Spacelift’s CLI, a login with a browser suggests how to install it, or an API key', async () => {
  const args = ['profile', 'login', 'acme', '--method', 'browser', '--api-endpoint', 'https://acme.app.spacelift.io'];
  const { exitCode, stderr } = await spacectl(args, { env: { PATH: pathOf(await oursIn()) } });
  expect(exitCode).toBe(69);
  expect(stderr).toContain("needs Spacelift's own CLI, also called spacectl, which is not on the PATH");
  expect(stderr).toContain('brew install spacelift-io/spacelift/spacectl');
  expect(stderr).toContain('spacectl profile login acme --method api');
});

testWith('go')('Both programs read the profiles of the other one, and ours keeps fields it does not know', async () => {
  const server = await startSpacelift();
  const folder = await temporaryFolder();
  const env = { SPACELIFT_CONFIG_DIR: folder };
  const file = path.join(folder, 'config.json');
  const cli = path.join(await binaryIn(), 'spacectl');
  const theirs = (...args: readonly string[]) =>
    execa(cli, ['profile', ...args], { env: { ...env, ...server.environment } });
  await theirs('login', '--method', 'api', '--endpoint', `${server.url}/`, 'their key');
  expect((await spacectl(['whoami'], { env })).stdout).toContain('the profile "their key"');
  await writeFile(file, JSON.stringify({ ...(await readJson(file)), telemetry: { isOff: true } }, null, 2));
  expect((await login(server, 'our key', env)).exitCode).toBe(0);
  expect(await readJson(file)).toMatchObject({ telemetry: { isOff: true } });
  const credentials = { type: 1, endpoint: server.url, key_id: server.key.id, key_secret: server.key.secret };
  expect(JSON.parse((await theirs('list')).stdout)).toEqual({
    currentProfileAlias: 'our key',
    profiles: {
      'their key': { alias: 'their key', credentials: { ...credentials, endpoint: `${server.url}/` } },
      'our key': { alias: 'our key', credentials },
    },
  });
  await theirs('select', 'their key');
  expect((await spacectl(['profile', 'current'], { env })).stdout).toBe('their key');
  // It deletes the current profile without selecting another.
  await theirs('logout', 'their key');
  const none = await spacectl(['profile', 'current'], { env });
  expect(none).toMatchObject({ exitCode: 77, stderr: expect.stringContaining('No profile is selected') });
  expect((await spacectl(['profile', 'logout', 'our key'], { env })).exitCode).toBe(0);
  expect(JSON.parse((await theirs('list')).stdout).profiles).toEqual({});
});

test.each(['a.b', 'a/b', 'a\\b', 'my-current', '..'])(
  'An alias that Spacelift’s CLI does not allow is not saved: %s',
  async (alias) => {
    const env = { SPACELIFT_CONFIG_DIR: await temporaryFolder() };
    const { exitCode, stderr } = await spacectl(['profile', 'login', alias], { env });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not a valid profile') });
  },
);
