import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test, vi } from 'vitest';
import { withLock } from '../../src/files/lock.ts';
import { currentOwner } from '../../src/files/owner.ts';
import { DISK_NEEDS, mountMemoryDisk } from '../services/memory-disk.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** Takes the lock as soon as no other process holds it, and gives it back. */
const waitForLock = (file: string, signal: AbortSignal) => withLock(file, signal, async () => {});

const { signal } = new AbortController();

const lockIn = async () => path.join(await temporaryFolder(), 'lock');
const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** A process that lives until it is ended. */
async function startProcess(uid?: number) {
  const child = spawn('sleep', ['600'], uid === undefined ? {} : { uid });
  await once(child, 'spawn');
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(end);
  return { processId: child.pid as number, end };
}

/** A lock that some process holds. */
async function heldBy(holder: { processId?: number; host?: string; session?: string }, name = 'lock'): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, JSON.stringify({ ...currentOwner(), ...holder }));
  return file;
}

/** What both ways of waiting end with once a minute has passed. */
async function afterAMinute(file: string): Promise<readonly string[]> {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const waiting = [withLock(file, signal, async () => {}), waitForLock(file, signal)];
  vi.setSystemTime(Date.now() + 61_000);
  const outcomes = await Promise.allSettled(waiting);
  return outcomes.map((each) => (each.status === 'rejected' ? each.reason.message : 'done'));
}

test('a lock held by a running process is waited for, and taken when that process ends', async () => {
  const holder = await startProcess();
  const file = await heldBy(holder);
  let isDone = false;
  const waiting = [withLock(file, signal, async () => (isDone = true)), waitForLock(file, signal)];
  // Both have looked at it several times by then.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([isDone, await isThere(file)]).toEqual([false, true]);
  await holder.end();
  await Promise.all(waiting);
  expect([isDone, await isThere(file)]).toEqual([true, false]);
});

test('the error about a running process names it, its machine, and the file to remove', async () => {
  const { processId } = await startProcess();
  const file = await heldBy({ processId }, 'my lock');
  const message = `${path.dirname(file)} is in use by process ${processId} on ${currentOwner().host}`;
  expect(await afterAMinute(file)).toEqual([message, message]);
  await expect(withLock(file, AbortSignal.abort(), async () => {})).rejects.toMatchObject({
    code: 'SPACECTL_INTERRUPTED',
  });
  vi.setSystemTime(Date.now() + 61_000);
  const waiting = waitForLock(file, signal);
  vi.setSystemTime(Date.now() + 61_000);
  await expect(waiting).rejects.toMatchObject({
    code: 'SPACECTL_BUSY',
    suggestions: [{ text: `Wait until it ends. If it no longer exists`, command: `rm '${file}'` }],
  });
});

testWith(ROOT)("another user's process, which may not be signalled, is running", async () => {
  const { processId } = await startProcess(65_533);
  const file = await heldBy({ processId });
  await chmod(path.dirname(file), 0o755);
  process.seteuid?.(65_534);
  try {
    expect(() => process.kill(processId, 0)).toThrow('EPERM');
    const waiting = waitForLock(file, AbortSignal.timeout(200));
    await expect(waiting).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  } finally {
    process.seteuid?.(0);
  }
});

test('nothing is known of processes on other machines: their locks count', async () => {
  const file = await heldBy({ host: 'another-machine', session: 'another' });
  const message = `${path.dirname(file)} is in use by process ${process.pid} on another-machine`;
  expect(await afterAMinute(file)).toEqual([message, message]);
});

test('an earlier process with the id of this one has ended; this one has not', async () => {
  expect(await withLock(await heldBy({ session: 'earlier' }), signal, async () => 'done')).toBe('done');
  const own = await heldBy({});
  expect(await afterAMinute(own)).toEqual(
    Array(2).fill(expect.stringContaining(`in use by process ${process.pid} on`)),
  );
});

test("another program's lock file is held by someone, and is not removed", async () => {
  const file = await lockIn();
  await writeFile(file, '4242\n');
  const message = `${path.dirname(file)} is in use by another process`;
  expect(await afterAMinute(file)).toEqual([message, message]);
  expect(await readFile(file, 'utf8')).toBe('4242\n');
});

test.each([
  ['empty', ''],
  ['half written', '{"host":"here","proc'],
  ['zeros, as after a power failure', '\0'.repeat(80)],
])(
  'a lock file that is %s is being written, or was left behind if it is older than two seconds',
  async (_, content) => {
    const file = await lockIn();
    await writeFile(file, content);
    await expect(waitForLock(file, AbortSignal.timeout(200))).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
    const earlier = new Date(Date.now() - 2_100);
    await utimes(file, earlier, earlier);
    await waitForLock(file, signal);
    expect(await withLock(file, signal, async () => 'done')).toBe('done');
  },
);

test.each([
  ['directory', (file: string) => mkdir(file)],
  ['pipe', (file: string) => execa('mkfifo', [file])],
  ['link', (file: string) => symlink('nowhere', file)],
])('a %s in place of the lock is an error at once, and is kept', async (_, make) => {
  const file = await lockIn();
  await make(file);
  const error = {
    code: 'SPACECTL_WOULD_OVERWRITE',
    message: expect.stringContaining(`${file} is not a file`),
    suggestions: [{ command: `mv ${file} ${file}.old` }],
  };
  await expect(withLock(file, signal, async () => {})).rejects.toMatchObject(error);
  await expect(waitForLock(file, signal)).rejects.toMatchObject(error);
  expect(await readdir(path.dirname(file))).toEqual(['lock']);
});

test.each([
  ['is being taken over by a process that has ended', { session: 'earlier' }],
  ['is being taken over by a process that runs', {}],
])('a stale lock that %s', async (_, owner) => {
  const file = await heldBy({ session: 'stale' });
  await writeFile(`${file}.stale`, JSON.stringify({ ...currentOwner(), ...owner }));
  const waiting = withLock(file, signal, async () => 'done');
  if (!('session' in owner)) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ session: 'stale' });
    await rm(`${file}.stale`);
  }
  expect(await waiting).toBe('done');
  expect(await readdir(path.dirname(file))).toEqual([]);
});

test('a lock is gone after work that fails, and the failure is passed on', async () => {
  const file = path.join(await temporaryFolder(), 'new', 'lock');
  const failing = withLock(file, signal, async () => {
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(currentOwner());
    throw new Error('out of paper');
  });
  await expect(failing).rejects.toThrow('out of paper');
  expect(await isThere(file)).toBe(false);
});

test('a folder that cannot be made is an error that names the lock', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'file'), '');
  const inFile = withLock(path.join(folder, 'file', 'lock'), signal, async () => {});
  await expect(inFile).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_WRITE',
    message: `Cannot write ${path.join(folder, 'file', 'lock')}: a part of its path is not a directory`,
  });
});

testWith(...DISK_NEEDS)(
  'a lock that cannot be removed is an error that names it; failed work says its own',
  async () => {
    const { folder, remount } = await mountMemoryDisk('size=64k');
    const file = path.join(folder, 'lock');
    const work = withLock(file, signal, () => remount('ro'));
    await expect(work).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE', exitCode: 74 });
    await expect(work).rejects.toThrow(`Cannot write ${file}: the file system is read-only`);
    await remount('rw');
    await rm(file);
    const failing = withLock(file, signal, async () => {
      await remount('ro');
      throw new Error('out of paper');
    });
    await expect(failing).rejects.toThrow('out of paper');
    await remount('rw');
  },
);

testWith(...DISK_NEEDS)('a stale lock on a disk that became read-only is an error that names the file', async () => {
  const { folder, remount } = await mountMemoryDisk('size=64k');
  const file = path.join(folder, 'lock');
  await writeFile(file, JSON.stringify({ ...currentOwner(), session: 'earlier' }));
  await remount('ro');
  await expect(withLock(file, signal, async () => {})).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_WRITE',
    message: `Cannot write ${file}.stale: the file system is read-only`,
  });
  await remount('rw');
});
