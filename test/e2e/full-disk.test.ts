import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { FAULT_NEEDS, type Fault, spacectlWithFault } from '../services/fault-library/fault-library.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith(...FAULT_NEEDS);

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is exceeded'],
  ['EROFS', 'the file system is read-only'],
  ['ESTALE', 'the file was removed on the file server'],
  ['EIO', 'EIO: i/o error, write'],
] as const)('%s while a key is written ends with 74, says that %s, and leaves nothing behind', async (kind, reason) => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await mkdir(dir);
  const args = ['keypair', 'generate', '--dir', dir, '--bits', '2048', '--json'];
  const { run, calls } = await spacectlWithFault(args, { below: dir, fault: { at: 1, kind, calls: ['write'] } });
  expect(calls.some(({ isFaulty }) => isFaulty)).toBe(true);
  expect(run.exitCode).toBe(74);
  expect(JSON.parse(String(run.stdout)).error).toMatchObject({
    code: 'SPACECTL_CANNOT_WRITE',
    message: `Cannot write ${path.join(dir, 'spacelift.key')}: ${reason}`,
  });
  expect(await readdir(dir)).toEqual([]);
});

test.each([
  ['EACCES', 'permission denied'],
  ['ESTALE', 'the file was removed on the file server'],
  ['EIO', 'EIO: i/o error, open'],
] satisfies readonly (readonly [Fault['kind'], string])[])(
  '%s while a key is read ends with 74 and says: %s',
  async (kind, reason) => {
    const dir = path.join(await temporaryFolder(), 'pool');
    await putKeyPair(dir);
    const fault: Fault = { at: 1, kind, calls: ['open'], countsReads: true };
    const { run } = await spacectlWithFault(['keypair', 'verify', '--dir', dir, '--json'], { below: dir, fault });
    expect(run.exitCode).toBe(74);
    expect(JSON.parse(String(run.stdout)).error).toMatchObject({
      code: 'SPACECTL_CANNOT_READ',
      message: expect.stringMatching(new RegExp(`^Cannot read ${dir}/spacelift\\.(?:key|csr): ${reason}`)),
    });
  },
);
