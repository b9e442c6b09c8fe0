import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DISK_NEEDS, mountMemoryDisk } from '../services/memory-disk.ts';
import { folderWithToken, generate, init, isTemporary, namesIn } from '../services/pool-folder.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';

testWith(...DISK_NEEDS, 'openssl')(
  'on a full disk init exits with 74, leaves no half-written file, and finishes once there is room',
  async () => {
    const { folder, remount } = await mountMemoryDisk('size=2m');
    const start = await folderWithToken();
    const undisturbed = path.join(await temporaryFolder(), 'pool');
    await cp(start, undisturbed, { recursive: true });
    await spacectl(init(undisturbed));
    const expected = await snapshot(undisturbed);
    const dir = path.join(folder, 'pool');
    const failing = new Set<string>();
    const startAnew = async () => {
      await remount('nr_inodes=1000,size=2m');
      await rm(dir, { recursive: true, force: true });
      await cp(start, dir, { recursive: true });
    };
    const fails = async (limit: string) => {
      await remount(limit);
      const run = await spacectl(init(dir));
      expect({ limit, exitCode: run.exitCode }).toEqual({ limit, exitCode: 74 });
      const { error } = JSON.parse(String(run.stdout));
      expect(error).toMatchObject({
        code: 'SPACECTL_CANNOT_WRITE',
        message: expect.stringContaining('the disk is full'),
      });
      failing.add(error.message);
      expect((await namesIn(dir)).filter(isTemporary)).toEqual([]);
      expect(expected).toMatchObject(await snapshot(dir));
    };
    const finishes = async () => {
      await remount('nr_inodes=1000,size=2m');
      expect((await spacectl(init(dir))).exitCode).toBe(0);
      expect(await snapshot(dir)).toEqual(expected);
    };
    // Enough files, but no room for the bytes of the bundle, and then of the document.
    await startAnew();
    await fails('nr_inodes=1000,size=64k');
    await fails('nr_inodes=1000,size=460k');
    await finishes();
    // Room for what is there, and for two files more each time: each run goes on where the one before it had to stop.
    await startAnew();
    const [present, wanted] = [await namesIn(start), await namesIn(undisturbed)];
    const rounds = Math.ceil((wanted.length - present.length) / 2);
    // The file system's root, the pool's folder, and what is in it.
    for (let round = 0; round < rounds; round++) await fails(`nr_inodes=${2 + present.length + 2 * round},size=2m`);
    await finishes();
    // A folder and its first file fail alike, and so does each file that lacks room for its bytes.
    expect(failing.size).toBeGreaterThanOrEqual(rounds - 1);
  },
  120_000,
);

testWith(...DISK_NEEDS)('on a read-only disk keypair generate exits with 74 and writes nothing', async () => {
  const { folder, remount } = await mountMemoryDisk('size=1m');
  await remount('ro');
  const run = await spacectl(generate(path.join(folder, 'pool')));
  expect(run.exitCode).toBe(74);
  expect(JSON.parse(String(run.stdout)).error.message).toContain('read-only');
  expect(await namesIn(folder)).toEqual([]);
});

test('a file where the folder should be, or above it, is named', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  const there = await spacectl(generate(file));
  expect(there.exitCode).toBe(2);
  expect(there.stdout).toContain('is not a directory');
  const above = await spacectl(generate(path.join(file, 'pool')));
  expect(above.exitCode).toBe(74);
  expect(above.stdout).toContain('part of its path is not a directory');
});

testWith('openssl').each(['spacelift.key', 'custom-ca-bundle.crt', 'systemd/secrets.env', 'cloud-init.yaml'])(
  'a symbolic link at %s is refused before anything is written, and what it leads to stays',
  async (name) => {
    const dir = await folderWithToken();
    const target = path.join(await temporaryFolder(), 'target');
    await mkdir(path.join(dir, 'systemd'));
    if (name === 'spacelift.key') await rename(path.join(dir, name), target);
    else await writeFile(target, 'theirs');
    const content = await readFile(target);
    await symlink(target, path.join(dir, name));
    const before = await snapshot(dir);
    for (const flags of [[], ['--force']]) {
      const run = await spacectl([...init(dir), ...flags]);
      expect({ exitCode: run.exitCode, stdout: run.stdout }).toMatchObject({ exitCode: 73 });
      expect(run.stdout).toContain('symbolic link');
    }
    expect(await readFile(target)).toEqual(content);
    expect(await snapshot(dir)).toEqual(before);
  },
);
