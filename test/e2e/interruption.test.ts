import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { DISK_NEEDS, mountMemoryDisk } from '../services/memory-disk.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
const STOP_AT_WRITE = pathToFileURL(path.resolve('test/fixtures/stop-at-write.mjs')).href;

const init = (dir: string) => [
  ...['init', '--no-input', '--offline', '--dir', dir, '--bits', '2048', '--json'],
  ...['--ca', EXAMPLE_CA, '--target', 'systemd', '--target', 'cloud-init', '--embed-secrets'],
];
const generate = (dir: string) => ['keypair', 'generate', '--dir', dir, '--bits', '2048', '--json'];

/** Runs the program and stops it at the nth thing it does to the disk. */
const stopped = (args: readonly string[], at: number, signal: string) =>
  spacectl(args, { env: { NODE_OPTIONS: `--import=${STOP_AT_WRITE}`, STOP_AT: String(at), STOP_WITH: signal } });

/** How many things a command does to the disk. */
async function countWrites(args: readonly string[]): Promise<number> {
  const file = path.join(await temporaryFolder(), 'count');
  const run = await spacectl(args, { env: { NODE_OPTIONS: `--import=${STOP_AT_WRITE}`, STOP_COUNT: file } });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  return Number(await readFile(file, 'utf8'));
}

/** A folder with a key pair and the token for it, as a person has it who comes back from Spacelift. */
async function folderWithToken(): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  const token = path.join(dir, 'worker-pool-01HCC6QZ932J7WDF4FTVM9QMEP.config');
  await writeFile(token, await makeToken({ key: path.join(dir, 'spacelift.key') }));
  return dir;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir, { recursive: true }).catch(() => []);
}

/** There is a key and its request, as OpenSSL has them, and nothing else. */
async function expectPair(dir: string): Promise<void> {
  const openssl = async (...args: string[]) => (await execa('openssl', args, { cwd: dir })).stdout;
  const request = await openssl('req', '-in', 'spacelift.csr', '-verify', '-noout', '-pubkey');
  expect(await openssl('pkey', '-in', 'spacelift.key', '-pubout')).toBe(request);
  expect(await namesIn(dir)).toEqual(['spacelift.csr', 'spacelift.key']);
}

const isTemporary = (name: string) => name.includes('spacectl-tmp');

testWith('openssl')(
  'killed while it writes, run again: the same files as undisturbed, nothing beside them',
  async () => {
    const start = await folderWithToken();
    const undisturbed = path.join(await temporaryFolder(), 'pool');
    await cp(start, undisturbed, { recursive: true });
    const writes = await countWrites(init(undisturbed));
    const expected = await snapshot(undisturbed);
    // Token, bundle, lock, seven files for systemd, cloud-init: each is half written, linked, and its old name removed.
    expect(writes).toBeGreaterThanOrEqual(30);
    let leftOvers = 0;
    const killAndRunAgain = async (at: number, dir: string) => {
      await rm(dir, { recursive: true, force: true });
      await cp(start, dir, { recursive: true });
      expect(await stopped(init(dir), at, 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      if ((await namesIn(dir)).some(isTemporary)) leftOvers++;
      const again = await spacectl(init(dir));
      expect({ at, exitCode: again.exitCode, stderr: again.stderr }).toMatchObject({ exitCode: 0 });
      expect({ at, files: await snapshot(dir) }).toEqual({ at, files: expected });
    };
    // At every second moment: a file has three, so that each is met with every other file. Two at a time, since processes
    // mostly wait for themselves to start.
    const lanes = [1, 3].map(async (first) => {
      const dir = path.join(await temporaryFolder(), 'pool');
      for (let at = first; at <= writes; at += 4) await killAndRunAgain(at, dir);
    });
    await Promise.all(lanes);
    // The kills did hit in the middle of things.
    expect(leftOvers).toBeGreaterThan(5);
  },
  300_000,
);

testWith('openssl')(
  'killed while it makes a key pair: the key is whole or missing, and an existing key is kept',
  async () => {
    const first = path.join(await temporaryFolder(), 'pool');
    const writes = await countWrites(generate(first));
    const dir = path.join(await temporaryFolder(), 'pool');
    const key = path.join(dir, 'spacelift.key');
    let kept = 0;
    for (let at = 1; at <= writes; at++) {
      await rm(dir, { recursive: true, force: true });
      expect(await stopped(generate(dir), at, 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
      const before = await readFile(key).catch(() => undefined);
      expect((await spacectl(generate(dir))).exitCode).toBe(0);
      if (before) {
        kept++;
        expect(await readFile(key)).toEqual(before);
      }
      await expectPair(dir);
    }
    expect(kept).toBeGreaterThan(2);
    expect(kept).toBeLessThan(writes);
  },
);

testWith('openssl').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s at a write: exit code %i, one JSON document, no temporary file; run again, it finishes',
  async (signal, code) => {
    const start = await folderWithToken();
    for (const at of [1, 5, 15]) {
      const dir = path.join(await temporaryFolder(), 'pool');
      await cp(start, dir, { recursive: true });
      const run = await stopped(init(dir), at, signal);
      expect({ at, exitCode: run.exitCode }).toEqual({ at, exitCode: code });
      expect(JSON.parse(String(run.stdout)).error.code).toBe('SPACECTL_INTERRUPTED');
      expect((await namesIn(dir)).filter(isTemporary)).toEqual([]);
      // Run again at every moment it does after SIGKILL, which leaves more to finish.
      if (at === 15) expect((await spacectl(init(dir))).exitCode).toBe(0);
    }
  },
);

testWith(...DISK_NEEDS, 'openssl')(
  'on a full disk init exits with 74, leaves no half-written file, and finishes once there is room',
  async () => {
    const { folder, remount } = await mountMemoryDisk('size=2m');
    const start = await folderWithToken();
    const undisturbed = path.join(await temporaryFolder(), 'pool');
    await cp(start, undisturbed, { recursive: true });
    await spacectl(init(undisturbed));
    const expected = await snapshot(undisturbed);
    const dir = path.join(folder, 'pool');
    const failing = new Set<string>();
    const startAnew = async () => {
      await remount('nr_inodes=1000,size=2m');
      await rm(dir, { recursive: true, force: true });
      await cp(start, dir, { recursive: true });
    };
    const fails = async (limit: string) => {
      await remount(limit);
      const run = await spacectl(init(dir));
      expect({ limit, exitCode: run.exitCode }).toEqual({ limit, exitCode: 74 });
      const { error } = JSON.parse(String(run.stdout));
      expect(error).toMatchObject({
        code: 'SPACECTL_CANNOT_WRITE',
        message: expect.stringContaining('the disk is full'),
      });
      failing.add(error.message);
      expect((await namesIn(dir)).filter(isTemporary)).toEqual([]);
      expect(expected).toMatchObject(await snapshot(dir));
    };
    const finishes = async () => {
      await remount('nr_inodes=1000,size=2m');
      expect((await spacectl(init(dir))).exitCode).toBe(0);
      expect(await snapshot(dir)).toEqual(expected);
    };
    // Enough files, but no room for the bytes of the bundle, and then of the document.
    await startAnew();
    await fails('nr_inodes=1000,size=64k');
    await fails('nr_inodes=1000,size=460k');
    await finishes();
    // Room for what is there, and for two files more each time: each run goes on where the one before it had to stop.
    await startAnew();
    const [present, wanted] = [await namesIn(start), await namesIn(undisturbed)];
    const rounds = Math.ceil((wanted.length - present.length) / 2);
    // The file system's root, the pool's folder, and what is in it.
    for (let round = 0; round < rounds; round++) await fails(`nr_inodes=${2 + present.length + 2 * round},size=2m`);
    await finishes();
    // A folder and its first file fail alike, and so does each file that lacks room for its bytes.
    expect(failing.size).toBeGreaterThanOrEqual(rounds - 1);
  },
  120_000,
);

testWith(...DISK_NEEDS)('on a read-only disk keypair generate exits with 74 and writes nothing', async () => {
  const { folder, remount } = await mountMemoryDisk('size=1m');
  await remount('ro');
  const run = await spacectl(generate(path.join(folder, 'pool')));
  expect(run.exitCode).toBe(74);
  expect(JSON.parse(String(run.stdout)).error.message).toContain('read-only');
  expect(await namesIn(folder)).toEqual([]);
});

test('a file where the folder should be, or above it, is named', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  const there = await spacectl(generate(file));
  expect(there.exitCode).toBe(2);
  expect(there.stdout).toContain('is not a directory');
  const above = await spacectl(generate(path.join(file, 'pool')));
  expect(above.exitCode).toBe(74);
  expect(above.stdout).toContain('part of its path is not a directory');
});

testWith('openssl').each(['spacelift.key', 'custom-ca-bundle.crt', 'systemd/secrets.env', 'cloud-init.yaml'])(
  'a symbolic link at %s is refused before anything is written, and what it leads to stays',
  async (name) => {
    const dir = await folderWithToken();
    const target = path.join(await temporaryFolder(), 'target');
    await mkdir(path.join(dir, 'systemd'));
    if (name === 'spacelift.key') await rename(path.join(dir, name), target);
    else await writeFile(target, 'theirs');
    const content = await readFile(target);
    await symlink(target, path.join(dir, name));
    const before = await snapshot(dir);
    for (const flags of [[], ['--force']]) {
      const run = await spacectl([...init(dir), ...flags]);
      expect({ exitCode: run.exitCode, stdout: run.stdout }).toMatchObject({ exitCode: 73 });
      expect(run.stdout).toContain('symbolic link');
    }
    expect(await readFile(target)).toEqual(content);
    expect(await snapshot(dir)).toEqual(before);
  },
);

test('finishes its work when the reader of its output stops reading, for either stream', async () => {
  const dir = await temporaryFolder();
  const run = (name: string, redirection: string) =>
    execa('bash', ['-c', `"$0" "$@" ${redirection}`, process.execPath, PROGRAM, ...generate(path.join(dir, name))], {
      reject: false,
      stdin: 'ignore',
    });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
  const early = '| true; exit "${PIPESTATUS[0]}"';
  for (const [name, redirection, code] of [
    ['stdin closed', '<&-', 0],
    ['stdout closed', '>&-', 0],
    ['stderr closed', '2>&-', 0],
    ['stdout read in part', early, 0],
    ['both read in part', `2>&1 ${early}`, 0],
    ['stderr full', '2>/dev/full', 0],
    ['stdout full', '>/dev/full', 74],
  ] as const) {
    const { exitCode, stderr } = await run(name, redirection);
    expect({ name, exitCode, stderr }).toMatchObject({ exitCode: code });
    expect(stderr).not.toContain('node:internal');
    expect(await namesIn(path.join(dir, name))).toEqual(['spacelift.csr', 'spacelift.key']);
  }
});

test('stopped while it waits for a pipe that has no writer', async () => {
  const pipe = path.join(await temporaryFolder(), 'pipe');
  await execa('mkfifo', [pipe]);
  const run = spacectl(['ca-bundle', 'inspect', pipe], { timeout: 20_000, killSignal: 'SIGKILL' });
  // Started, and then at the pipe: nothing is said on the way.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  run.kill('SIGTERM');
  expect(await run).toMatchObject({ signal: 'SIGTERM', stderr: expect.stringContaining('Interrupted') });
});

testWith('openssl')('two at the same time make one key pair, and neither breaks it', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const runs = await Promise.all([1, 2, 3].map(() => spacectl(generate(dir))));
  expect(runs.map(({ exitCode }) => exitCode)).toContain(0);
  for (const { exitCode } of runs) expect([0, 73]).toContain(exitCode);
  await expectPair(dir);
});
