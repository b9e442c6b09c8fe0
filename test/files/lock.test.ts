import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { undoUnfinished } from '../../src/core/unfinished.ts';
import { withLock } from '../../src/files/lock.ts';
import { currentOwner } from '../../src/files/owner.ts';
import { temporaryFolder } from '../services/temporary.ts';

afterEach(() => {
  vi.useRealTimers();
});

const { signal } = new AbortController();

test.each([
  ['{}', 'another process'],
  ['null', 'another process'],
  ['{"host":"elsewhere","processId":"7","session":"a"}', 'another process'],
  ['{"host":"elsewhere","processId":7,"session":"a"}', 'process 7 on elsewhere'],
])('a lock that contains %s is held by %s until the wait ends', async (content, holder) => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'lock');
  await writeFile(file, content);
  vi.useFakeTimers({ toFake: ['Date'] });
  const waiting = withLock(file, signal, async () => 'done');
  vi.setSystemTime(Date.now() + 61_000);
  await expect(waiting).rejects.toMatchObject({
    code: 'SPACECTL_BUSY',
    message: `${folder} is in use by ${holder}`,
  });
  expect(await readFile(file, 'utf8')).toBe(content);
});

test('a lock of a dead process is taken over', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await writeFile(file, JSON.stringify({ ...currentOwner(), session: 'an earlier process with this id' }));
  expect(await withLock(file, signal, async () => 'done')).toBe('done');
});

test('an interrupted process removes the lock that it holds, and no lock that it waits for', async () => {
  const folder = await temporaryFolder();
  const [own, foreign] = [path.join(folder, 'own'), path.join(folder, 'foreign')];
  const content = '{"host":"elsewhere","processId":7,"session":"a"}';
  await writeFile(foreign, content);
  const controller = new AbortController();
  const { signal: stop } = controller;
  const waiting = expect(withLock(foreign, stop, async () => 'done')).rejects.toMatchObject({
    code: 'SPACECTL_INTERRUPTED',
  });
  let finish = () => {};
  const held = withLock(own, stop, () => new Promise<void>((resolve) => (finish = resolve)));
  await vi.waitUntil(() => existsSync(own));
  controller.abort();
  await undoUnfinished();
  await waiting;
  expect(await readdir(folder)).toEqual(['foreign']);
  expect(await readFile(foreign, 'utf8')).toBe(content);
  finish();
  await held;
  await expect(withLock(own, stop, async () => 'done')).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(await readdir(folder)).toEqual(['foreign']);
});

test('works that need one lock at the same moment run one after the other', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  let [running, most] = [0, 0];
  const work = async () => {
    most = Math.max(most, ++running);
    await setImmediate();
    running--;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(file, signal, work)));
  expect(most).toBe(1);
});

test('a lock that cannot be looked at is an error with its path', async () => {
  const file = path.join(await temporaryFolder(), 'x'.repeat(300));
  await expect(withLock(file, signal, async () => 'done')).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_READ',
    message: expect.stringContaining(file),
  });
});

test("while another process removes a dead process's lock, it is left to that one", async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'lock');
  const guard = '{"host":"elsewhere","processId":7,"session":"a"}';
  await writeFile(file, JSON.stringify({ ...currentOwner(), session: 'an earlier process with this id' }));
  await writeFile(`${file}.stale`, guard);
  const controller = new AbortController();
  const waiting = expect(withLock(file, controller.signal, async () => 'done')).rejects.toMatchObject({
    code: 'SPACECTL_INTERRUPTED',
  });
  await setTimeout(200);
  controller.abort();
  await waiting;
  expect((await readdir(folder)).sort()).toEqual(['lock', 'lock.stale']);
  expect(await readFile(`${file}.stale`, 'utf8')).toBe(guard);
});
