import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

const LONGEST = 250;

/** Files that are longer and have yet to be split. */
const WAITING: readonly string[] = ['test/e2e/workerpool-create.test.ts'];

test(`no test file has more than ${LONGEST} lines: split it by subject`, async () => {
  const names = (await readdir('test', { recursive: true })).filter((name) => name.endsWith('.test.ts'));
  const files = names.map((name) => path.join('test', name));
  const lengths = await Promise.all(files.map(async (file) => (await readFile(file, 'utf8')).split('\n').length - 1));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file, at) => (lengths[at] ?? 0) > LONGEST && !WAITING.includes(file))).toEqual([]);
});
