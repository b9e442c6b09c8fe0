import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
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
