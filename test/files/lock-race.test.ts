import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { currentOwner } from '../../src/files/owner.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A program that adds 1 to a number in a file, again and again, each time under the lock; it loses some without one. */
const PROGRAM = (lock: string) => `
import { readFile, writeFile } from 'node:fs/promises';
import { withLock } from ${JSON.stringify(lock)};
const [file, times] = process.argv.slice(2);
for (let left = Number(times); left > 0; left--)
  await withLock(file + '.lock', new AbortController().signal, async () => {
    const number = Number(await readFile(file, 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 1));
    await writeFile(file, String(number + 1));
  });
`;

test('of several processes that take over a stale lock, one at a time has it', async () => {
  const folder = await temporaryFolder();
  const [source, built, counter] = ['source.ts', 'built.mjs', 'counter'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(source, PROGRAM(path.resolve('src/files/lock.ts')));
  const bundle = await rolldown({ input: source, platform: 'node', logLevel: 'silent' });
  await bundle.write({ file: built, format: 'esm', codeSplitting: false });
  await bundle.close();
  await writeFile(counter, '0');
  await writeFile(`${counter}.lock`, JSON.stringify({ ...currentOwner(), session: 'earlier', processId: 2 ** 22 + 1 }));
  const [processes, times] = [4, 5];
  await Promise.all(Array.from({ length: processes }, () => execa(process.execPath, [built, counter, String(times)])));
  expect(await readFile(counter, 'utf8')).toBe(String(processes * times));
  expect((await readdir(folder)).sort()).toEqual(['built.mjs', 'counter', 'source.ts']);
});
