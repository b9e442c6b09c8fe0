import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hasMark } from '../../src/pool-folder/index.ts';

/** The parts of one boot script, which has the mark itself. */
const PARTS = 'cloud/';
/** Printed, not written into a pool's directory. */
const PRINTED = 'completion/';

test('every template that becomes a file says that spacectl rendered it', async () => {
  const names = await readdir('templates', { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = new Map<string, Buffer>();
  for (const file of files) contents.set(path.relative('templates', file), await readFile(file));
  const included = [...contents.values()].flatMap((content) =>
    [...content.toString('utf8').matchAll(/^#include (\S+)$/gm)].map(([, name]) => name),
  );
  const whole = [...contents].filter(
    ([name]) => !name.startsWith(PARTS) && !name.startsWith(PRINTED) && !included.includes(name),
  );
  expect(whole.length).toBeGreaterThan(10);
  for (const [name, content] of whole) expect([name, hasMark(content.subarray(0, 256))]).toEqual([name, true]);
});
