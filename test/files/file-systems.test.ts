import { constants } from 'node:fs';
import disk, { type FileHandle, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { undoUnfinished } from '../../src/core/unfinished.ts';
import { writeFileWhole } from '../../src/files/write.ts';
import { temporaryFolder } from '../services/temporary.ts';

type Disk = typeof disk;
type Call = 'link' | 'rename' | 'open';

const actual: Pick<Disk, Call> = { link: disk.link, rename: disk.rename, open: disk.open };

/** Replaces calls of the disk for a test, in all modules. */
function replace(calls: Partial<Pick<Disk, Call>>): void {
  Object.assign(disk, calls);
  syncBuiltinESMExports();
}
afterEach(() => replace(actual));

const bytes = Buffer.from('the new content');
const failing = (code: string) => async () => {
  throw Object.assign(new Error(code), { code, errno: -1, syscall: 'x' });
};
const write = (file: string, mayReplace = false, mode = 0o600) => writeFileWhole(file, bytes, { mode, mayReplace });

// link(2); FUSE has ENOSYS for calls that a file system lacks.
test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])(
  'on a file system that answers %s to hard links, a file is written once and never replaced',
  async (code) => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'key');
    replace({ link: failing(code) });
    await write(file);
    expect(await readFile(file)).toEqual(bytes);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key']);

    await writeFile(file, 'old');
    await expect(write(file)).rejects.toMatchObject({ code: 'SPACECTL_WOULD_OVERWRITE' });
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['key']);
  },
);

test.each(['EIO', 'ENOSPC', 'EACCES'])(
  'a hard link that fails with %s is a failure, and nothing is left',
  async (code) => {
    const folder = await temporaryFolder();
    replace({ link: failing(code) });
    await expect(write(path.join(folder, 'key'))).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE' });
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a name that was reserved is free again if the file cannot get it', async () => {
  const folder = await temporaryFolder();
  const reserved: number[] = [];
  replace({ link: failing('EPERM') });
  replace({
    rename: async (_, place) => {
      // Nobody else may read what is there meanwhile.
      reserved.push((await stat(place)).mode & 0o777, (await stat(place)).size);
      await failing('EIO')();
    },
  });
  await expect(write(path.join(folder, 'key'), false, 0o644)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE' });
  expect(reserved).toEqual([0o600, 0]);
  expect(await readdir(folder)).toEqual([]);
});

test('a file that cannot be put in place of the old one leaves it as it was, and nothing beside it', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'file');
  await writeFile(file, 'old');
  replace({ rename: failing('EIO') });
  await expect(write(file, true)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE' });
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['file']);
});

test('a disk that takes a few bytes at a time gets all of them', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  replace({
    open: async (...args) => {
      const handle = await actual.open(...args);
      const whole = handle.write.bind(handle) as (...all: readonly unknown[]) => Promise<{ bytesWritten: number }>;
      const some = (buffer: Uint8Array, offset = 0) => whole(buffer, offset, Math.min(4, buffer.length - offset));
      return Object.assign(handle, { write: some }) as unknown as FileHandle;
    },
  });
  await write(file);
  expect(await readFile(file)).toEqual(bytes);
});

test('a file is made new and private, gets its mode, then its bytes, and is on the disk before it gets its name', async () => {
  const folder = await temporaryFolder();
  for (const mayReplace of [false, true]) {
    const calls: string[] = [];
    replace({
      open: async (file, flags, mode) => {
        const handle = await actual.open(file, flags, mode);
        if (!String(file).endsWith('.spacectl-tmp')) return handle;
        calls.push(`open ${Number(mode).toString(8)}`);
        expect(Number(flags) & constants.O_EXCL).not.toBe(0);
        expect(Number(flags) & constants.O_NOFOLLOW).not.toBe(0);
        for (const name of ['chmod', 'chown', 'write', 'sync', 'close'] as const) {
          const call = handle[name].bind(handle) as (...all: readonly unknown[]) => unknown;
          const noting = (...all: readonly unknown[]) => {
            calls.push(name === 'chmod' ? `chmod ${Number(all[0]).toString(8)}` : name);
            return call(...all);
          };
          Object.assign(handle, { [name]: noting });
        }
        return handle;
      },
    });
    const naming =
      (name: 'link' | 'rename') =>
      async (...args: Parameters<Disk['rename']>) => {
        calls.push(name);
        await actual[name](...args);
      };
    replace({ link: naming('link') });
    replace({ rename: naming('rename') });
    await write(path.join(folder, 'file'), mayReplace, 0o644);
    const last = mayReplace ? 'rename' : 'link';
    expect(calls).toEqual(['open 600', 'chmod 644', 'write', 'sync', 'close', last]);
    expect(await readdir(folder)).toEqual(['file']);
  }
});

test('a file belongs to whom it is for before it has a byte', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const calls: unknown[] = [];
  replace({
    open: async (...args) => {
      const handle = await actual.open(...args);
      const chown = async (...to: readonly number[]) => void calls.push(['chown', ...to, (await handle.stat()).size]);
      return String(args[0]).endsWith('.spacectl-tmp') ? Object.assign(handle, { chown }) : handle;
    },
  });
  await writeFileWhole(file, bytes, { mode: 0o600, mayReplace: false, owner: { user, group } });
  expect(calls).toEqual([['chown', user, group, 0]]);
});

test('a write that is stopped leaves nothing, wherever it is; what is written by then stays', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'key');
  const left: (readonly string[])[] = [];
  const stopped = async () => {
    await undoUnfinished();
    left.push(await readdir(folder));
    await failing('EIO')();
  };
  replace({ rename: stopped });
  await expect(write(file, true)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE' });
  // Without hard links, the name is reserved by then.
  replace({ link: failing('EPERM') });
  await expect(write(file)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE' });
  expect(left).toEqual([[], []]);

  replace({ rename: actual.rename });
  await write(file);
  // Another directory, which gets the same descriptor.
  const other = path.join(await temporaryFolder(), 'key');
  await writeFile(other, 'old');
  replace({ rename: stopped });
  await expect(write(other, true)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_WRITE' });
  expect(await readFile(other, 'utf8')).toBe('old');
  expect(await readFile(file)).toEqual(bytes);
});
