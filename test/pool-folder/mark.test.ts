import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hasMark } from '../../src/pool-folder/index.ts';

/** The parts of one boot script, which has the mark itself. */
const PARTS = 'cloud/';

test('every template that becomes a file says that spacectl rendered it', async () => {
  const names = await readdir('templates', { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const whole = files.filter((file) => !path.relative('templates', file).startsWith(PARTS));
  expect(whole.length).toBeGreaterThan(10);
  for (const file of whole) expect([file, hasMark((await readFile(file)).subarray(0, 256))]).toEqual([file, true]);
});
