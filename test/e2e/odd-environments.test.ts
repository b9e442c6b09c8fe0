import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { generate, namesIn } from '../services/pool-folder.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { sliceOf } from '../services/slice.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** Environments in which a command that needs nothing of them works as in any other. */
const ENVIRONMENTS: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'no variable at all': {},
  'no home': { PATH: '/usr/bin:/bin' },
  'a home that does not exist': { HOME: '/nonexistent/home' },
  'a home that is a file': { HOME: '/etc/passwd' },
  'an empty home': { HOME: '', XDG_CACHE_HOME: '', XDG_CONFIG_HOME: '' },
  'a home relative to the working directory': { HOME: '.' },
  'no PATH': { HOME: '/tmp', PATH: '' },
  'a PATH with odd parts': { PATH: ':::relative:/nonexistent:/etc/passwd' },
  'the C locale': { LANG: 'C', LC_ALL: 'C' },
  'a locale that does not exist': { LANG: 'xx_YY.UTF-9', LC_ALL: 'tlh' },
  'a dumb terminal': { TERM: 'dumb' },
  'an unknown terminal': { TERM: 'no-such-terminal', COLORTERM: 'yes', COLUMNS: '1', LINES: '-1' },
  'a terminal of no width': { COLUMNS: '0' },
  'colours forced': { FORCE_COLOR: '3' },
  'both colours and none': { FORCE_COLOR: '1', NO_COLOR: '1' },
  'an odd time zone': { TZ: 'Pacific/Chatham' },
  'a time zone that does not exist': { TZ: ':/no/such/zone' },
  'options for Node': { NODE_OPTIONS: '--max-old-space-size=200 --no-warnings' },
  'extra certificates that do not exist': { NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem' },
  'a temporary directory that does not exist': { TMPDIR: '/nonexistent/tmp' },
  'a cache that is a file': { XDG_CACHE_HOME: '/etc/passwd' },
  'DEBUG of everything': { DEBUG: '*' },
  CI: { CI: 'true', GITHUB_ACTIONS: 'true' },
  'npm around it': { npm_lifecycle_event: 'x', npm_config_user_agent: 'npm/10' },
  'a proxy that is not a URL': { HTTPS_PROXY: '::::', NO_PROXY: '[[[' },
};

/** Runs the program with these variables only. */
const bare = (args: readonly string[], env: Readonly<Record<string, string | undefined>>, cwd?: string) =>
  execa(process.execPath, [PROGRAM, ...args], {
    env: Object.fromEntries(Object.entries(env).filter((each): each is [string, string] => each[1] !== undefined)),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    ...(cwd && { cwd }),
  });

test.each(sliceOf(Object.entries(ENVIRONMENTS), 4))('A key pair is made and shown with %s', async (_, env) => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const made = await bare(generate(dir), env);
  expect({ exitCode: made.exitCode, stderr: made.stderr }).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(made.stdout)).toBeTypeOf('object');
  expect((await namesIn(dir)).toSorted()).toEqual(['spacelift.csr', 'spacelift.key']);
  const shown = await bare(['keypair', 'verify', '--dir', dir], env);
  expect(`${shown.stdout}${shown.stderr}`).not.toContain('SPACECTL_BUG');
  expect(shown.exitCode).toBe(0);
});

test.each(sliceOf(Object.entries(ENVIRONMENTS), 4))(
  'What needs a file of the home, or fails, is no bug with %s',
  async (_, env) => {
    const file = path.join(await temporaryFolder(), 'missing.pem');
    for (const [args, codes] of [
      [
        ['profile', 'list'],
        [0, 74],
      ],
      [['whoami'], [2, 69, 74, 77]],
      [['ca-bundle', 'inspect', file], [74]],
    ] as const) {
      const { exitCode, stdout, stderr } = await bare(args, env);
      expect({ args, exitCode, said: `${stdout}${stderr}` }).toMatchObject({ exitCode: expect.toBeOneOf([...codes]) });
      expect(`${stdout}${stderr}`).not.toContain('SPACECTL_BUG');
    }
  },
);

test.each(['0', '077', '777'])('With umask %s a key is private from the start', async (umask) => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const script = `umask ${umask}; exec "$0" "$@"`;
  const { exitCode, stderr } = await execa('sh', ['-c', script, process.execPath, PROGRAM, ...generate(dir)], {
    reject: false,
  });
  // Nothing can be created in a directory that was created without any right, except by root.
  if (umask === '777' && process.getuid?.() !== 0) expect(exitCode).toBe(74);
  else expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const { stdout } = await execa('find', [dir, '-name', '*.key', '-perm', '/077'], { reject: false });
  expect(stdout).toBe('');
});

test('A working directory that was removed is an error that says so', async () => {
  const cwd = path.join(await temporaryFolder(), 'gone');
  await mkdir(cwd);
  for (const args of [['keypair', 'generate', '--bits', '2048'], ['doctor', '--json'], ['--version'], ['--help']]) {
    const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
    await mkdir(cwd, { recursive: true });
    const run = await execa('sh', ['-c', script, 'sh', cwd, process.execPath, PROGRAM, ...args], { reject: false });
    expect({ args, said: `${run.stdout}${run.stderr}` }).not.toMatchObject({
      said: expect.stringContaining('SPACECTL_BUG'),
    });
    expect(run.exitCode).not.toBe(1);
  }
});

test('A home that cannot be written keeps nothing from working but what is kept there', async () => {
  const server = await startSpacelift();
  const home = await temporaryFolder();
  await writeFile(path.join(home, '.spacelift'), 'a file');
  await chmod(home, 0o500);
  const { exitCode } = await spacectl(['workerpool', 'list'], { env: { ...server.environment, HOME: home } });
  expect(exitCode).toBe(0);
  const args = ['profile', 'login', 'acme', '--api-endpoint', server.url, '--api-key-id', server.key.id];
  const login = await spacectl([...args, '--api-key-secret-file', '-'], {
    env: { HOME: home },
    input: server.key.secret,
    stdin: 'pipe',
  });
  expect({ exitCode: login.exitCode, stderr: login.stderr }).toMatchObject({
    exitCode: expect.toBeOneOf([73, 74, 77]),
  });
});
