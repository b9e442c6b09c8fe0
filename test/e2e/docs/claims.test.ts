import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadAllCommands } from '../../../commands/index.ts';
import { dockerArchive } from '../../services/archive.ts';
import { program, startDownloadHost } from '../../services/download-host.ts';
import { buildImage, file } from '../../services/image.ts';
import { putKeyPair } from '../../services/key-pair.ts';
import { launcherBytes, setUpDownload } from '../../services/launcher-download.ts';
import { spacectl } from '../../services/program.ts';
import { testWith } from '../../services/programs.ts';
import { sliceOf } from '../../services/slice.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { makeToken } from '../../services/token.ts';

const COMMANDS = await loadAllCommands();
const CA = path.resolve('docs/example-ca.pem');

/** Commands that put the first file into a pool's directory, and so make it. `apply` wants the file that is in it. */
const MAKE_THE_DIRECTORY = ['init', 'keypair:generate', 'ca-bundle:build', 'apply'];

test.each(Object.entries(COMMANDS).filter(([, { inputs }]) => 'dir' in inputs))(
  'docs/pool-file.md: %s refuses a directory that does not exist, unless it puts the first file there',
  async (id, { inputs }) => {
    const dir = path.join(await temporaryFolder(), 'missing');
    const parsed = Promise.resolve().then(() => inputs['dir']?.parse([dir], {} as never));
    if (MAKE_THE_DIRECTORY.includes(id)) await expect(parsed).resolves.toBe(dir);
    else await expect(parsed).rejects.toMatchObject({ exitCode: 2, message: `${dir} does not exist` });
  },
);

test.each([
  [['render', 'systemd', '--dir', 'missing'], 2],
  [['launcher', 'url', '--dir', 'missing'], 2],
  [['status', 'missing'], 2],
  [['apply', 'missing'], 2],
  [['keypair', 'generate', '--dir', 'missing', '--bits', '2048'], 0],
  [['ca-bundle', 'build', '--dir', 'missing', '--offline', '--ca', CA], 0],
])('docs/pool-file.md: a directory that does not exist: %s exits with %i', async (args, exitCode) => {
  const cwd = await temporaryFolder();
  const run = await spacectl(args, { cwd, env: { CI: 'true' } });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode });
  expect(existsSync(path.join(cwd, 'missing'))).toBe(exitCode === 0);
});

/** A value for each flag that a message may ask for; `undefined`: it cannot be given without more. */
const VALUES: Readonly<Record<string, string>> = {
  '--dir': 'pool',
  '--ca': CA,
  '--cloud': 'aws',
  '--pool-id': '01HCC6QZ932J7WDF4FTVM9QMEP',
  '--id': '01HCC6QZ932J7WDF4FTVM9QMEP',
  '--name': 'build',
  '--confirm': 'build',
  '--api-endpoint': 'http://127.0.0.1:1',
  '--api-key-id': 'id',
  '--api-key-secret-file': 'secret',
  '--access-token-file': 'secret',
  '--owner': '123456789012',
  '--method': 'apikey',
};

test.each(sliceOf(Object.keys(COMMANDS), 4))('README: %s names all that is missing in one error', async (id) => {
  const cwd = await temporaryFolder();
  await putKeyPair(path.join(cwd, 'pool'));
  await writeFile(path.join(cwd, 'secret'), 'a secret');
  const env = { CI: 'true', HOME: cwd, XDG_STATE_HOME: cwd, SPACECTL_OFFLINE: 'true', SPACECTL_SKIP: 'egress' };
  const words = id.split(':');
  const first = await spacectl([...words, '--json'], { cwd, env });
  const missing = missingIn(String(first.stdout));
  if (missing === undefined) return;
  const [flags, rest] = [
    missing.filter((each) => each.startsWith('--')),
    missing.filter((each) => /^[A-Z]/.test(each)),
  ];
  const given = [
    ...rest.filter((each) => !each.includes(' ')).map(() => 'value'),
    ...flags.flatMap((flag) => [flag, VALUES[flag] ?? flag]),
  ];
  const logged = rest.some((each) => each.startsWith('Spacelift'))
    ? {
        SPACELIFT_API_KEY_ENDPOINT: 'http://127.0.0.1:1',
        SPACELIFT_API_KEY_ID: 'a',
        SPACELIFT_API_KEY_SECRET: 'secret-of-a',
      }
    : {};
  const second = await spacectl([...words, ...given, '--json'], { cwd, env: { ...env, ...logged } });
  expect({ given, more: missingIn(String(second.stdout)) }).toEqual({ given, more: undefined });
});

/** What a document says is missing. @returns `undefined` if it says something else */
function missingIn(text: string): readonly string[] | undefined {
  const { error } = JSON.parse(text || '{}') as { error?: { code: string; message: string } };
  // What is missing may also be a file, such as the certificate signing request of a pool.
  if (error?.code !== 'SPACECTL_MISSING_INPUT' || !/^Missing (?!--pool-id, and)/.test(error.message)) return undefined;
  return error.message.replace(/^Missing /, '').split(', ');
}

test('README: three things that workerpool cycle needs are in one error', async () => {
  const cwd = await temporaryFolder();
  const env = { CI: 'true', HOME: cwd };
  const run = await spacectl(['workerpool', 'cycle'], { cwd, env });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(
      'Missing --pool-id, Spacelift credentials (spacectl profile login ALIAS), --confirm',
    ),
  });
  const dry = await spacectl(['workerpool', 'cycle', '--dry-run'], { cwd, env });
  expect(dry.stderr).not.toContain('--confirm');
});

testWith('openssl').each([
  ['worker-iot.spacelift.io', 'standard'],
  ['worker-iot.us.spacelift.io', 'US'],
  ['worker-iot.fedramp.spacelift.io', 'FedRAMP'],
  ['broker.example.com:1984', 'self-hosted'],
])('docs/spacelift.md: token inspect says of a token for %s that its environment is %s', async (endpoint, name) => {
  const cwd = await temporaryFolder();
  await putKeyPair(cwd);
  const token = await makeToken({ key: path.join(cwd, 'spacelift.key'), endpoint });
  const run = await spacectl(['token', 'inspect', '-'], { cwd, input: token, stdin: 'pipe' });
  expect(String(run.stdout)).toContain(`Environment: ${name}\n`);
});

testWith('gpg').each([
  [
    'a checksum that does not match',
    76,
    async ({ host }: Download) => host.publish(launcherBytes, `${'0'.repeat(64)}  x\n`),
  ],
  ['no signed checksums', 69, async ({ host }: Download) => void host.files.clear()],
  ['a file that is not a program', 65, async ({ host }: Download) => host.publish(Buffer.from('no program'))],
  ['a signing key that does not exist', 74, async () => undefined],
  ['a file in its place that is not a launcher', 73, async ({ target }: Download) => writeFile(target, 'notes')],
])(
  'docs/launcher.md: launcher download with %s exits with %i and leaves the old launcher',
  async (_, exitCode, spoil) => {
    const host = await startDownloadHost();
    await host.publish(launcherBytes);
    const { file: target, run } = await setUpDownload(host);
    await writeFile(target, program('the old launcher'));
    await spoil({ host, target });
    const before = await readFile(target);
    const { exitCode: code, stdout } = await run(...(exitCode === 74 ? ['--signing-key', 'missing.asc'] : []));
    expect({ code, stdout }).toMatchObject({ code: exitCode });
    expect(await readFile(target)).toEqual(before);
  },
);

interface Download {
  readonly host: Awaited<ReturnType<typeof startDownloadHost>>;
  readonly target: string;
}

test.each([':v1', ':runner:v1', ':docker.io/library/runner:v1'])(
  'docs/image-sources.md: runner.tar%s names an image of an archive',
  async (name) => {
    const cwd = await temporaryFolder();
    const layers = [[file('etc/ssl/certs/ca-certificates.crt', await readFile(CA))]];
    const [image, other] = ['amd64', 'arm64'].map((architecture) =>
      buildImage({ platform: { os: 'linux', architecture }, layers }),
    );
    if (!image || !other) throw new Error('no image');
    await writeFile(path.join(cwd, 'runner.tar'), dockerArchive({ 'runner:v1': image, 'tools:v2': other }));
    const run = await spacectl(['ca-bundle', 'build', '--ca', CA, '--image', `runner.tar${name}`], { cwd });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  },
);

testWith('openssl')('freshness-in-ci.md: what a checkout does not have is unknown, and fails no job', async () => {
  const cwd = await temporaryFolder();
  const env = { CI: 'true', HOME: cwd };
  const pool = path.join(cwd, 'pool');
  await putKeyPair(pool);
  // The pool was created in Spacelift's UI: its token is all that the directory has of it.
  const token = await makeToken({ key: path.join(pool, 'spacelift.key'), endpoint: 'worker-iot.us.spacelift.io' });
  await writeFile(path.join(pool, 'worker-pool.config'), token, { mode: 0o600 });
  await spacectl(['init', 'pool', '--offline', '--no-input', '--target', 'systemd'], { cwd, env });
  for (const name of ['spacelift.key', 'worker-pool.config', 'systemd/secrets.env']) await rm(path.join(pool, name));
  const { exitCode, stdout } = await spacectl(['status', 'pool'], { cwd, env });
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('unknown  Worker pool') });
});

test('docs/ca-bundle.md: a build that would take the lock file of another bundle exits with 73', async () => {
  const cwd = await temporaryFolder();
  const build = ['ca-bundle', 'build', '--source', 'mozilla', '--ca', CA];
  const codes: (number | undefined)[] = [];
  for (const args of [
    [...build, '--output', 'x.crt'],
    [...build, '--output', 'x.b64', '--format', 'base64'],
    ['ca-bundle', 'check', '--bundle', 'x.crt'],
  ])
    codes.push((await spacectl(args, { cwd, env: { CI: 'true' } })).exitCode);
  expect(codes).toEqual([0, 73, 0]);
  expect(existsSync(path.join(cwd, 'x.b64'))).toBe(false);
});

test('README: what is kept outside of the named directory is in the cache and the state directory', async () => {
  const cwd = await temporaryFolder();
  const home = path.join(cwd, 'home');
  await mkdir(home);
  await chmod(home, 0o700);
  const env = { HOME: home, XDG_CACHE_HOME: '', XDG_STATE_HOME: '', CI: 'true' };
  await spacectl(['init', 'pool', '--offline', '--ca', CA, '--bits', '2048'], { cwd, env });
  expect(existsSync(path.join(cwd, 'pool/spacelift.key'))).toBe(true);
  const { readdir } = await import('node:fs/promises');
  const written = (await readdir(home, { recursive: true })).map((each) => each.split('/').slice(0, 2).join('/'));
  expect(written.filter((each) => each !== '.cache' && each !== '.cache/spacectl')).toEqual([]);
});
