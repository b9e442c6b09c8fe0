import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { testWith } from '../programs.ts';
import { temporaryFolder } from '../temporary.ts';
import { FAULT_NEEDS, type Fault, loadFault } from './fault-library.ts';

const test = testWith(...FAULT_NEEDS);

/** Writes a file as a careful program does, and says on standard error which error stopped it. */
const PROGRAM = `
  import { open, rename } from 'node:fs/promises';
  import { execFileSync } from 'node:child_process';
  try {
    const file = await open('new', 'wx', 0o640);
    await file.chmod(0o600);
    const { bytesWritten } = await file.write(Buffer.from('12345678'));
    await file.sync();
    await file.close();
    await rename('new', 'old');
    const folder = await open(process.cwd(), 'r');
    await folder.sync();
    await folder.close();
    console.log(bytesWritten, execFileSync('sh', ['-c', 'echo "$LD_PRELOAD$FAULT_AT" >child; cat child'], { encoding: 'utf8' }));
  } catch (error) { console.error(error.code); process.exitCode = 1; }`;

async function run(fault?: Fault) {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'old'), 'before');
  const loaded = await loadFault(folder, fault);
  const args = ['--input-type=module', '--eval', PROGRAM];
  const done = await execa(process.execPath, args, { cwd: folder, reject: false, env: loaded.environment });
  const files = (await readdir(folder)).sort();
  return { folder, done, files, old: await readFile(path.join(folder, 'old'), 'utf8'), calls: await loaded.calls() };
}

test('without a fault all goes well, and each call is logged with its flags and mode', async () => {
  const { folder, done, files, old, calls } = await run();
  expect({ exitCode: done.exitCode, stderr: done.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect({ files, old, output: done.stdout.trim() }).toEqual({ files: ['child', 'old'], old: '12345678', output: '8' });
  const [file, base] = [path.join(folder, 'new'), { flags: [], isFaulty: false }];
  expect(calls).toEqual([
    { ...base, number: 1, name: 'open', path: file, flags: ['write', 'create', 'exclusive', 'truncate'], mode: 0o640 },
    { ...base, number: 2, name: 'chmod', path: file, mode: 0o600 },
    { ...base, number: 3, name: 'write', path: file, bytes: 8 },
    { ...base, number: 4, name: 'fsync', path: file },
    { ...base, number: 5, name: 'close', path: file },
    { ...base, number: 6, name: 'rename', path: file, to: path.join(folder, 'old') },
    { ...base, number: 7, name: 'fsync', path: folder },
  ]);
});

test.each([
  [{ at: 1, kind: 'EROFS' }, { stderr: 'EROFS' }, ['old'], 'before'],
  [{ at: 3, kind: 'ENOSPC' }, { stderr: 'ENOSPC' }, ['new', 'old'], 'before'],
  [{ at: 4, kind: 'EIO' }, { stderr: 'EIO' }, ['new', 'old'], 'before'],
  [{ at: 5, kind: 'EIO' }, { stderr: 'EIO' }, ['new', 'old'], 'before'],
  [{ at: 6, kind: 'EXDEV' }, { stderr: 'EXDEV' }, ['new', 'old'], 'before'],
  [{ at: 2, kind: 'EIO', calls: ['fsync'] }, { stderr: 'EIO' }, ['old'], '12345678'],
  // libuv writes the rest itself.
  [{ at: 3, kind: 'short' }, { exitCode: 0 }, ['child', 'old'], '12345678'],
  [{ at: 3, kind: 'short-kill' }, { signal: 'SIGKILL' }, ['new', 'old'], 'before'],
  [{ at: 6, kind: 'kill-before' }, { signal: 'SIGKILL' }, ['new', 'old'], 'before'],
  [{ at: 6, kind: 'kill-after' }, { signal: 'SIGKILL' }, ['old'], '12345678'],
  [{ at: 8, kind: 'EIO' }, { exitCode: 0 }, ['child', 'old'], '12345678'],
] satisfies readonly (readonly [Fault, object, readonly string[], string])[])('%o', async (fault, end, files, old) => {
  const met = await run(fault);
  expect(met).toMatchObject({ done: end, files, old });
  expect(met.calls.filter(({ isFaulty }) => isFaulty)).toHaveLength(fault.at === 8 ? 0 : 1);
});

test('a fault that stays is met by all later calls, and reading counts where it is to', async () => {
  const sticky = await run({ at: 3, kind: 'ENOSPC', isSticky: true });
  expect(sticky.calls.filter(({ isFaulty }) => isFaulty).map(({ number }) => number)[0]).toBe(3);
  expect(sticky.calls.slice(2).every(({ isFaulty }) => isFaulty)).toBe(true);
  const reads = await run({ at: 1, kind: 'EACCES', calls: ['read', 'open'], countsReads: true });
  expect(reads.done.stderr).toBe('EACCES');
  const counted = await run({ at: 99, kind: 'EIO', countsReads: true });
  expect(counted.calls.filter(({ flags }) => flags[0] === 'read')).toMatchObject([{ path: counted.folder }]);
});

test('a call that fails of itself is logged with its error', async () => {
  const { calls } = await run({ at: 1, kind: 'kill-after', calls: ['rename'] });
  expect(calls).toMatchObject([{ name: 'rename', isFaulty: true }]);
  const folder = await temporaryFolder();
  const loaded = await loadFault(folder);
  const options = { cwd: folder, env: loaded.environment };
  await execa(process.execPath, ['--eval', 'fs.rmdir("missing", () => {}); fs.mkdirSync("here")'], options);
  const byName = (await loaded.calls()).map(({ name, error }) => [name, error]);
  expect(new Map(byName as [string, unknown][])).toEqual(
    new Map<string, unknown>([
      ['rmdir', 'ENOENT'],
      ['mkdir', undefined],
    ]),
  );
});

test('a fault that the library does not know is refused before the program starts', async () => {
  const { done, calls } = await run({ at: 1, kind: 'ENOPE' });
  expect(done).toMatchObject({ exitCode: 120, stderr: 'fault-library: unknown FAULT_KIND' });
  expect(calls).toEqual([]);
});
