import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { FAULT_NEEDS, type FileCall, spacectlWithFault } from '../services/fault-library/fault-library.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const test = testWith(...FAULT_NEEDS, 'openssl');

/** Whether a call gave a file its name. */
const isPlacing = ({ name, error }: FileCall) => (name === 'rename' || name === 'link') && !error;

/** A pool's folder with its key and, unless it is to be fetched, its token. */
async function poolFolder(hasToken = true): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  if (hasToken) {
    await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  }
  return dir;
}

/** Runs a command that must succeed, and returns what it did to the files below a directory. */
async function callsOf(below: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { run, calls } = await spacectlWithFault(args, { below, env });
  expect({ args, exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  return calls;
}

/** What a test knows to be secret: the pool's key and tokens, in the forms in which files have them. */
async function secretsIn(dir: string): Promise<readonly string[]> {
  const names = (await readdir(dir)).filter((name) => /^spacelift\.key|\.config/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(path.join(dir, name), 'utf8')));
  return texts.flatMap((text) => [
    text.trim().slice(100, 160),
    Buffer.from(text).toString('base64').slice(200, 260),
    // A line of a key: YAML indents them.
    ...text.split('\n').slice(2, 3),
  ]);
}

/** The files that a run wrote and that hold one of these secrets. */
async function written(calls: readonly FileCall[], secrets: readonly string[]): Promise<readonly string[]> {
  const places = new Set(calls.filter(isPlacing).flatMap(({ to }) => to ?? []));
  const files = await Promise.all(
    [...places].map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => '') })),
  );
  return files.filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ file }) => file);
}

/**
 * Expects that a file was 0600 from its creation on, never wider, not even for a moment; that its bytes were on the disk
 * before it got its name, and the name before the program went on.
 */
function expectPrivateAndDurable(calls: readonly FileCall[], file: string): void {
  const placed = calls.findLastIndex((call) => isPlacing(call) && call.to === file);
  const source = calls[placed]?.path;
  const steps = calls.slice(0, placed).filter((call) => call.path === source);
  const [created, ...later] = steps;
  expect({ file, created }).toMatchObject({ created: { name: 'open', mode: 0o600 } });
  expect(created?.flags).toEqual(expect.arrayContaining(['create', 'exclusive']));
  expect(later.flatMap(({ mode }) => mode ?? []).filter((mode) => mode !== 0o600)).toEqual([]);
  const names = later.map(({ name }) => name);
  expect({ file, names }).toMatchObject({ names: expect.arrayContaining(['write', 'fsync']) });
  expect(names.lastIndexOf('fsync')).toBeGreaterThan(names.lastIndexOf('write'));
  const after = calls.slice(placed + 1);
  expect({ file, after }).toMatchObject({
    after: expect.arrayContaining([expect.objectContaining({ name: 'fsync', path: path.dirname(file) })]),
  });
  expect(after.filter((call) => call.path === file && call.mode !== undefined && call.mode !== 0o600)).toEqual([]);
}

/** Expects it of every file with a secret, and that there are as many as are named. */
async function expectSecretFiles(calls: readonly FileCall[], dir: string, expected: readonly (string | RegExp)[]) {
  const files = await written(calls, await secretsIn(dir));
  const names = files.map((file) => path.basename(file)).sort();
  expect(names).toEqual(expected.map((name) => (name instanceof RegExp ? expect.stringMatching(name) : name)));
  for (const file of files) expectPrivateAndDurable(calls, file);
}

test('keypair generate: the key is private from its first byte, and safe from a power failure', async () => {
  const below = await temporaryFolder();
  const dir = path.join(below, 'pool');
  const calls = await callsOf(below, ['keypair', 'generate', '--dir', dir, '--bits', '2048']);
  await expectSecretFiles(calls, dir, ['spacelift.key']);
});

test('workerpool create and reset: so are the tokens', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder(false)];
  const create = ['workerpool', 'create', '--dir', dir, '--name', 'build'];
  const own = /^worker-pool-01[0-9A-Z]+\.config$/;
  await expectSecretFiles(await callsOf(dir, create, server.environment), dir, [own, 'worker-pool.config']);
  const reset = ['workerpool', 'reset', '--dir', dir, '--confirm', 'build'];
  await expectSecretFiles(await callsOf(dir, reset, server.environment), dir, [own, 'worker-pool.config']);
});

test('keypair rotate: so are the new key, the old one, and the key that waits for the reset', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder(false)];
  await callsOf(dir, ['workerpool', 'create', '--dir', dir, '--name', 'build'], server.environment);
  const rotate = ['keypair', 'rotate', '--dir', dir, '--bits', '2048', '--confirm', 'build'];
  const calls = await callsOf(dir, rotate, server.environment);
  const names = ['spacelift.key', /^spacelift\.key\.\d/, /^worker-pool-01/, 'worker-pool.config'];
  await expectSecretFiles(calls, dir, names);
  // It is gone by now, and was the only copy of the key that the pool trusts.
  expectPrivateAndDurable(calls, path.join(dir, 'spacelift.key.new'));
});

test('init: so are a token that is given, and the one that it replaces', async () => {
  const dir = await poolFolder();
  const given = path.join(await temporaryFolder(), 'given.config');
  const key = path.join(dir, 'spacelift.key');
  await writeFile(given, await makeToken({ key, endpoint: 'worker-iot.us.spacelift.io' }));
  const args = ['init', '--no-input', '--dir', dir, '--offline', '--ca', path.resolve('docs/example-ca.pem')];
  const calls = await callsOf(dir, [...args, '--token-file', given, '--target', 'systemd']);
  await expectSecretFiles(calls, dir, ['secrets.env', 'worker-pool.config', /^worker-pool\.config\.\d/]);
});

test.each([
  [['systemd'], ['secrets.env']],
  [['docker'], ['secrets.env']],
  [['cloud-init', '--embed-secrets'], ['cloud-init.yaml']],
])('render %s: so is what holds the secrets of the pool', async (args, names) => {
  const dir = await poolFolder();
  await expectSecretFiles(await callsOf(dir, ['render', ...args, '--dir', dir]), dir, names);
});

test('profile login: so is the file with the API key', async () => {
  const server = await startSpacelift();
  const folder = path.join(await temporaryFolder(), 'config');
  await mkdir(folder);
  const secretFile = path.join(await temporaryFolder(), 'secret');
  await writeFile(secretFile, server.key.secret);
  const login = ['profile', 'login', 'acme', '--api-endpoint', server.url, '--api-key-id', server.key.id];
  const env = { SPACELIFT_CONFIG_DIR: folder };
  const calls = await callsOf(folder, [...login, '--api-key-secret-file', secretFile], env);
  expect(await written(calls, [server.key.secret])).toEqual([path.join(folder, 'config.json')]);
  expectPrivateAndDurable(calls, path.join(folder, 'config.json'));
});

testWith(
  ...FAULT_NEEDS,
  ROOT,
  'openssl',
  'useradd',
)('host install: so are the secrets of the service', async () => {
  const [dir, tree] = [await poolFolder(), await temporaryFolder()];
  await mkdir(path.join(tree, 'etc'), { recursive: true });
  await writeFile(path.join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(path.join(tree, 'etc/group'), 'root:x:0:\ndocker:x:999:\n');
  const bundle = ['ca-bundle', 'build', '--offline', '--dir', dir, '--ca', path.resolve('docs/example-ca.pem')];
  await callsOf(dir, bundle);
  const calls = await callsOf(tree, ['host', 'install', '--dir', dir, '--root', tree]);
  await expectSecretFiles(calls, dir, ['secrets.env']);
});
