import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
