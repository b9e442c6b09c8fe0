import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { currentOwner, formatOwner, type Owner } from '../../src/files/owner.ts';
import { openPartial } from '../../src/files/partial.ts';
import { writeFileWhole } from '../../src/files/write.ts';
import { known } from '../../src/step/content.ts';
import { createPlanner } from '../../src/step/plan.ts';
import { DISK_NEEDS, mountMemoryDisk } from '../services/memory-disk.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const run = promisify(execFile);
const bytes = Buffer.from('new');

test('a write makes missing folders, and sets the mode whatever the umask', async () => {
  const file = path.join(await temporaryFolder(), 'a/b/secret');
  const before = process.umask(0o077);
  try {
    await writeFileWhole(file, bytes, { mode: 0o644, mayReplace: false });
  } finally {
    process.umask(before);
  }
  expect((await stat(file)).mode & 0o777).toBe(0o644);
});

test('a write replaces content and mode of a file at once, and leaves nothing beside it', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'file');
  await writeFile(file, 'old', { mode: 0o666 });
  await writeFileWhole(file, bytes, { mode: 0o600, mayReplace: true });
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['file']);
});

test('a file that may not be replaced is kept, and the refusal says so', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'key');
  await writeFile(file, 'old');
  const writing = writeFileWhole(file, bytes, { mode: 0o600, mayReplace: false });
  await expect(writing).rejects.toMatchObject({ code: 'SPACECTL_WOULD_OVERWRITE', exitCode: 73 });
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['key']);
});

test('of many writers that may not replace, one wins', async () => {
  const file = path.join(await temporaryFolder(), 'key');
  const writers = Array.from({ length: 8 }, (_, index) =>
    writeFileWhole(file, Buffer.from(String(index)), { mode: 0o600, mayReplace: false }),
  );
  const outcomes = await Promise.allSettled(writers);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a device or a pipe at the target is neither replaced nor waited for', async () => {
  const pipe = path.join(await temporaryFolder(), 'pipe');
  await run('mkfifo', [pipe]);
  for (const there of [pipe, '/dev/null']) {
    const planner = createPlanner({ step: 'test', planned: [], signal: new AbortController().signal, force: true });
    expect(await planner.file({ path: there, content: known(bytes) })).toMatchObject({ status: 'refuse' });
  }
  await expect(writeFileWhole(pipe, bytes, { mode: 0o600, mayReplace: true })).rejects.toMatchObject({ exitCode: 73 });
});

test('a symbolic link at the target is neither followed nor replaced', async () => {
  const folder = await temporaryFolder();
  const [target, link] = [path.join(folder, 'target'), path.join(folder, 'link')];
  await writeFile(target, 'old');
  await symlink(target, link);
  await expect(writeFileWhole(link, bytes, { mode: 0o600, mayReplace: true })).rejects.toThrow('symbolic link');
  expect(await readFile(target, 'utf8')).toBe('old');
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
});

test('what a killed process left half written is cleared away; what a running one is writing is not', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'file');
  const { stdout } = await run('sh', ['-c', 'echo $$']);
  const owned = (owner: Partial<Owner>, name = 'file') =>
    `.${name}.${formatOwner({ ...currentOwner(), session: 'aa', ...owner })}.bb.spacectl-tmp`;
  const running = owned({ processId: process.ppid });
  // Both containers on one volume have process 1.
  const elsewhere = owned({ host: 'another-container' });
  await writeFile(path.join(folder, owned({ processId: Number(stdout) })), 'half');
  await writeFile(path.join(folder, owned({ processId: Number(stdout) }, 'other')), 'half');
  // Of an earlier process that had this one's number, as in a container.
  await writeFile(path.join(folder, owned({})), 'half');
  await writeFile(path.join(folder, running), 'half');
  await writeFile(path.join(folder, elsewhere), 'half');
  await writeFile(path.join(folder, '.theirs.spacectl-tmp'), 'not ours');
  await writeFileWhole(file, bytes, { mode: 0o600, mayReplace: false });
  expect((await readdir(folder)).sort()).toEqual([running, elsewhere, '.theirs.spacectl-tmp', 'file'].sort());
});

test('a folder in the way is an error that names it', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await mkdir(file);
  await expect(writeFileWhole(file, bytes, { mode: 0o600, mayReplace: true })).rejects.toThrow(`Cannot write ${file}`);
});

test.each([
  ['ASCII', 'n'.repeat(255)],
  ['two bytes a character', `${'é'.repeat(127)}n`],
  ['four bytes a character', `${'😀'.repeat(63)}nnn`],
])(
  'a name as long as file systems allow, in %s, is written, and a longer one is an error that says so',
  async (_, name) => {
    const folder = await temporaryFolder();
    for (const mayReplace of [false, true]) {
      await writeFileWhole(path.join(folder, name), bytes, { mode: 0o600, mayReplace });
      expect(await readdir(folder)).toEqual([name]);
    }
    const partial = await openPartial(path.join(folder, name), '0123456789abcdef');
    await partial.append(bytes);
    await partial.remove();
    expect(await readdir(folder)).toEqual([name]);
    const file = path.join(folder, `${name}n`);
    await expect(writeFileWhole(file, bytes, { mode: 0o600, mayReplace: true })).rejects.toMatchObject({
      code: 'SPACECTL_CANNOT_WRITE',
      message: `Cannot write ${file}: its name is too long`,
    });
    expect(await readdir(folder)).toEqual([name]);
  },
);

testWith(...DISK_NEEDS)('a full disk leaves the old file as it was', async () => {
  const { folder } = await mountMemoryDisk('size=64k');
  const file = path.join(folder, 'file');
  await writeFile(file, 'old');
  const writing = writeFileWhole(file, Buffer.alloc(1 << 20), { mode: 0o600, mayReplace: true });
  await expect(writing).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE', exitCode: 74 });
  await expect(writing).rejects.toThrow('the disk is full');
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['file']);
});
