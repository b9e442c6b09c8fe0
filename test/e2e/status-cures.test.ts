import { appendFile, chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { poolFolder } from '../services/created-pool.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { environmentOf, PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';
import { EXAMPLE_CA } from '../services/wizard.ts';

interface Thing {
  readonly id: string;
  readonly state: string;
  readonly evidence: string;
  readonly command?: string;
}
type Environment = Record<string, string>;

/** Things whose command only shows more: what to do is elsewhere, on hosts and in a cloud, or asked in a terminal. */
const ELSEWHERE = ['workers', 'terraform-aws-variables'];

async function toDo(dir: string, env: Environment): Promise<readonly Thing[]> {
  const { stdout, stderr, exitCode } = await spacectl(['status', dir, '--json'], { env });
  expect({ stderr, isChecked: exitCode === 0 || exitCode === 10 }).toEqual({ stderr: '', isChecked: true });
  const things: readonly Thing[] = JSON.parse(String(stdout)).things;
  return things.filter(({ id, state, command }) => !ELSEWHERE.includes(id) && (state === 'attention' || command));
}

/** Runs what status says, as it is pasted, without a terminal. */
async function paste(command: string, env: Environment): Promise<void> {
  const script = `spacectl() { "${process.execPath}" "${PROGRAM}" "$@"; }\n${command}`;
  const ran = await execa('sh', ['-c', script], {
    reject: false,
    extendEnv: false,
    env: environmentOf(env),
    stdin: 'ignore',
  });
  expect({ command, exitCode: ran.exitCode, stderr: ran.stderr }).toMatchObject({ exitCode: 0 });
}

/** Each cure is run where it is printed, and is not printed again. @returns what there was to do, in the order of the page */
async function cureAll(dir: string, env: Environment = { SPACELIFT_CONFIG_DIR: dir }): Promise<readonly string[]> {
  const cured: string[] = [];
  for (;;) {
    const [thing] = await toDo(dir, env);
    if (!thing) return cured;
    const { id, command = '' } = thing;
    expect([...cured, id], `${id} is cured again by: ${command}`).toEqual([...new Set([...cured, id])]);
    cured.push(id);
    await paste(command, env);
  }
}

const key = (dir: string) => path.join(dir, 'spacelift.key');
const yaml = (dir: string) => path.join(dir, 'spacectl.yaml');
/** A directory without anything to do but for its pool, which a configuration creates. */
async function madeFolder(...more: readonly string[]): Promise<string> {
  const dir = await poolFolder();
  const init = ['init', dir, '--no-input', '--offline', '--target', 'terraform-aws', '--region', 'eu-west-1', ...more];
  expect(await spacectl(init)).toMatchObject({ exitCode: 0 });
  return dir;
}

const CURES: readonly (readonly [string, readonly string[], (dir: string) => Promise<void>])[] = [
  ['a key without its request', ['key'], (dir) => rm(path.join(dir, 'spacelift.csr'))],
  [
    'a request of another key',
    ['key'],
    async (dir) => {
      const other = await temporaryFolder();
      await putKeyPair(other, 'strange');
      await copyFile(path.join(other, 'spacelift.csr'), path.join(dir, 'spacelift.csr'));
    },
  ],
  ['a key that others may read', ['key'], (dir) => chmod(key(dir), 0o640)],
  ['no key pair', ['key'], (dir) => rm(key(dir)).then(() => rm(path.join(dir, 'spacelift.csr')))],
  ['a bundle that was not built', ['bundle'], (dir) => appendFile(yaml(dir), `\nbundle:\n  ca: ${EXAMPLE_CA}\n`)],
  [
    'a target that was not rendered',
    ['terraform-aws'],
    (dir) => rm(path.join(dir, 'terraform-aws'), { recursive: true }),
  ],
  [
    'a file that was edited',
    ['terraform-aws'],
    (dir) => appendFile(path.join(dir, 'terraform-aws/main.tf'), '# mine\n'),
  ],
  [
    'an older release',
    ['terraform-aws'],
    async (dir) => {
      const file = path.join(dir, 'terraform-aws/main.tf');
      await writeFile(file, (await readFile(file, 'utf8')).replace(/\?ref=v[\d.]+/, '?ref=v5.0.0'));
    },
  ],
  [
    'what would be rendered differently',
    ['terraform-aws'],
    async (dir) => writeFile(yaml(dir), (await readFile(yaml(dir), 'utf8')).replace('eu-west-1', 'eu-west-2')),
  ],
  ['a token that is none', ['token'], (dir) => writeFile(path.join(dir, 'worker-pool.config'), 'garbage\n')],
  [
    'a protocol that is retired',
    ['comms'],
    async (dir) => {
      expect(await spacectl(['init', dir, '--no-input', '--worker-comms', 'mqtt'])).toMatchObject({ exitCode: 0 });
    },
  ],
];

test.each(sliceOf(CURES, 3))('what status says about %s is done by its command', async (_case, expected, spoil) => {
  const dir = await madeFolder();
  expect(await cureAll(dir)).toEqual([]);
  await spoil(dir);
  expect(await cureAll(dir)).toEqual(expected);
});

test('what status says about a bundle that was altered or is gone is done by its command', async () => {
  const dir = await madeFolder('--ca', EXAMPLE_CA);
  const bundle = path.join(dir, 'custom-ca-bundle.crt');
  await appendFile(bundle, '\n');
  expect(await cureAll(dir)).toContain('bundle');
  await rm(bundle);
  expect(await cureAll(dir)).toContain('bundle');
});

testWith('openssl')('what status says about the pool and its token is done by its command', async () => {
  const [server, dir] = [await startSpacelift(), await poolFolder()];
  const env = { ...server.environment };
  await writeFile(yaml(dir), 'hosts: {target: [docker]}\n');
  expect(await cureAll(dir, env)).toEqual(['pool', 'docker']);
  const [pool] = server.pools.values();
  expect(pool?.name).toBe('pool');
  const tokens = [`worker-pool-${pool?.id}.config`, 'worker-pool.config'].map((name) => path.join(dir, name));
  for (const file of tokens) await rm(file);
  expect(await cureAll(dir, env)).toContain('token');
  // A token of another key, and a pool that was reset for another.
  const other = await temporaryFolder();
  await putKeyPair(other, 'strange');
  for (const file of tokens) await writeFile(file, await makeToken({ key: key(other) }));
  expect(await cureAll(dir, env)).toContain('token');
  const reset = ['workerpool', 'reset', '--pool-id', String(pool?.id), '--confirm', 'pool', '--dir', other];
  expect(await spacectl(reset, { env })).toMatchObject({ exitCode: 0 });
  expect(await cureAll(dir, env)).toContain('token');
  // The name in spacectl.yaml is the pool's.
  const named = await poolFolder();
  await writeFile(yaml(named), 'pool: {name: build-eu}\nhosts: {target: [docker]}\n');
  expect(await cureAll(named, env)).toContain('pool');
  expect([...server.pools.values()].map(({ name }) => name)).toContain('build-eu');
});

testWith('openssl')('a token of another key, of no known pool, is put aside', async () => {
  const dir = await madeFolder();
  const other = path.join(await temporaryFolder(), 'other');
  await mkdir(other);
  await putKeyPair(other, 'strange');
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: key(other) }));
  const [thing] = (await toDo(dir, { SPACELIFT_CONFIG_DIR: dir })).filter(({ id }) => id === 'token');
  expect(thing?.command).toMatch(/^mv .*worker-pool\.config .*worker-pool\.config\.old$/);
  await paste(String(thing?.command), {});
  expect((await toDo(dir, { SPACELIFT_CONFIG_DIR: dir })).map(({ id }) => id)).not.toContain('token');
});
