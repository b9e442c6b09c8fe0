import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readInput, readWhole } from '../../src/files/read.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('a file that is too large to be a valid input is not read into memory', async () => {
  const image = path.join(await temporaryFolder(), 'debian.iso');
  await writeFile(image, '');
  await truncate(image, 700 * 1024 * 1024);
  await expect(readWhole(image)).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_READ',
    message: expect.stringMatching(/ is larger than 256 MiB/),
  });
});

test('a pipe is read to its end', async () => {
  const pipe = path.join(await temporaryFolder(), 'pipe');
  await execa('mkfifo', [pipe]);
  const [read] = await Promise.all([readInput(pipe), execa('sh', ['-c', 'seq 100000 > "$0"', pipe])]);
  expect(read.toString().trimEnd().split('\n')).toHaveLength(100_000);
  expect((await readWhole('/proc/self/status')).toString()).toContain('Pid:');
});
