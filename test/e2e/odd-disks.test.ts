import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { FAULT_NEEDS, type Fault, spacectlWithFault } from '../services/fault-library/fault-library.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith(...FAULT_NEEDS);

const generate = (dir: string) => ['keypair', 'generate', '--dir', dir, '--bits', '2048', '--json'];

/** Generates a pair in an existing directory, with a fault, and says which files there are afterwards. */
async function generateWith(fault: Fault) {
  const dir = await temporaryFolder();
  const { run, calls } = await spacectlWithFault(generate(dir), { below: dir, fault });
  return { dir, run, calls, files: (await readdir(dir)).sort() };
}

test.each(['EIO', 'ENOSPC', 'EDQUOT'] as const)(
  '%s while a name is made durable ends with 74 and names the file',
  async (kind) => {
    // The first is that of the key's bytes, the second that of its directory.
    const { dir, run, calls, files } = await generateWith({ at: 2, kind, calls: ['fsync'] });
    expect(calls.find(({ isFaulty }) => isFaulty)).toMatchObject({ name: 'fsync', path: dir });
    expect(run.exitCode).toBe(74);
    expect(JSON.parse(String(run.stdout)).error.message).toContain(`Cannot write ${dir}/spacelift.key: `);
    expect(files).toEqual(['spacelift.key']);
    expect(await spacectl(generate(dir))).toMatchObject({ exitCode: 0 });
  },
);

test.each(['EINVAL', 'EOPNOTSUPP'] as const)(
  '%s means that this file system cannot make names durable, and is no failure',
  async (kind) => {
    const { run, files } = await generateWith({ at: 2, kind, calls: ['fsync'] });
    expect({ exitCode: run.exitCode, files }).toEqual({ exitCode: 0, files: ['spacelift.csr', 'spacelift.key'] });
  },
);

test.each(['EPERM', 'EOPNOTSUPP', 'EMLINK'] as const)(
  'on a file system without hard links (%s), files are made without replacing any',
  async (kind) => {
    const { dir, run, files } = await generateWith({ at: 1, kind, calls: ['link'], isSticky: true });
    expect({ exitCode: run.exitCode, files }).toEqual({ exitCode: 0, files: ['spacelift.csr', 'spacelift.key'] });
    expect((await stat(path.join(dir, 'spacelift.key'))).mode & 0o777).toBe(0o600);
    expect((await spacectl(['keypair', 'verify', '--dir', dir])).exitCode).toBe(0);
  },
);

test('an empty file, as a killed process leaves there, is taken for a missing one', async () => {
  const dir = await temporaryFolder();
  await writeFile(path.join(dir, 'spacelift.key'), '', { mode: 0o600 });
  expect((await spacectl(generate(dir))).exitCode).toBe(0);
  expect(await readFile(path.join(dir, 'spacelift.key'), 'utf8')).toContain('PRIVATE KEY');
});

test.each(['spacelift.key', 'spacelift.csr'])('a pipe in place of %s is an error at once', async (name) => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  await execa('rm', [path.join(dir, name)]);
  await execa('mkfifo', [path.join(dir, name)]);
  for (const args of [generate(dir), ['keypair', 'verify', '--dir', dir, '--json']]) {
    const run = await spacectl(args, { timeout: 30_000 });
    expect({ args, exitCode: run.exitCode, isTimedOut: run.timedOut }).toEqual({
      args,
      exitCode: 74,
      isTimedOut: false,
    });
    expect(JSON.parse(String(run.stdout)).error.message).toBe(
      `Cannot read ${path.join(dir, name)}: it is a pipe or a socket, not a file`,
    );
  }
});

test('a directory for keys is private whatever the umask; one without is as the umask says', async () => {
  const folder = await temporaryFolder();
  const [pool, bundle] = [path.join(folder, 'a/pool'), path.join(folder, 'bundle')];
  const run = (args: readonly string[]) =>
    execa('sh', ['-c', 'umask 002; exec "$@"', 'sh', process.execPath, PROGRAM, ...args]);
  await run(generate(pool));
  await run(['ca-bundle', 'build', '--offline', '--dir', bundle, '--ca', path.resolve('docs/example-ca.pem')]);
  const modes = await Promise.all([pool, bundle].map(async (each) => (await stat(each)).mode & 0o777));
  // Root does not let its group write.
  expect(modes).toEqual([0o700, process.getuid?.() === 0 ? 0o755 : 0o775]);
});

test.each([
  ['keypair', 'generate'],
  ['ca-bundle', 'check'],
  ['render', 'docker'],
  ['doctor', '--pre'],
])('%s %s in a working directory that was removed ends with an error that says so', async (...args) => {
  const folder = path.join(await temporaryFolder(), 'gone');
  await mkdir(folder);
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const run = await execa('sh', ['-c', script, 'sh', folder, process.execPath, PROGRAM, ...args], {
    reject: false,
    stdin: 'ignore',
  });
  expect(run.stderr).not.toContain('SPACECTL_BUG');
  expect([2, 10, 73, 74, 77]).toContain(run.exitCode);
});
