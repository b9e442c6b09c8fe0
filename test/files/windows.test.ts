import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whileInUse } from '../../src/files/patience.ts';
import { removeTree } from '../../src/files/remove.ts';
import { temporaryName } from '../../src/files/temporary.ts';
import { userFolder } from '../../src/files/user-folder.ts';
import { writeFileWhole } from '../../src/files/write.ts';
import { renderedSecrets } from '../../src/pool-folder/index.ts';
import { profileFile } from '../../src/spacelift/login/profiles.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** What Node says of this system while a test runs; `npm run windows` asks the real one. */
beforeEach(() => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
});
afterEach(() => {
  vi.restoreAllMocks();
});

const bytes = Buffer.from('text');
const options = { mode: 0o600, mayReplace: false };

test('on Windows, directories that are missing are made, and removed again with what is in them', async () => {
  const folder = await temporaryFolder();
  await writeFileWhole(path.join(folder, 'a/b/c/file'), bytes, options);
  await writeFileWhole(path.join(folder, 'a/b/c/file'), bytes, { ...options, mayReplace: true });
  expect(await readFile(path.join(folder, 'a/b/c/file'))).toEqual(bytes);
  await removeTree(path.join(folder, 'a'));
  expect(await readdir(folder)).toEqual([]);
});

test('on Windows, a file in the place of a directory is an error that names it, and nothing is written', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'taken'), 'text');
  const file = path.join(folder, 'taken/file');
  await expect(writeFileWhole(file, bytes, options)).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_WRITE',
    message: `Cannot write ${file}: a part of its path is not a directory`,
  });
});

test('on Windows, a link to a directory is removed, and not what it leads to', async () => {
  const [folder, other] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(path.join(other, 'file'), 'text');
  await symlink(other, path.join(folder, 'link'));
  await removeTree(path.join(folder, 'link'));
  expect([await readdir(folder), await readdir(other)]).toEqual([[], ['file']]);
});

test.each(['EPERM', 'EACCES', 'EBUSY'])('on Windows, %s of a file that a scanner has open passes', async (code) => {
  let left = 3;
  const inUse = async () => {
    if (left-- > 0) throw Object.assign(new Error(code), { code });
    return 'done';
  };
  expect(await whileInUse(inUse)).toBe('done');
  left = 1;
  await expect(whileInUse(inUse, 'linux')).rejects.toThrow(code);
  left = 1;
  const other = async () =>
    Promise.reject(Object.assign(new Error('ENOENT'), { code: left-- > 0 ? 'ENOENT' : 'EPERM' }));
  await expect(whileInUse(other)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('on Windows, directories of the user are where Windows has them, unless XDG variables name others', () => {
  const cache = { variable: 'XDG_CACHE_HOME', usual: '.cache', onWindows: 'Cache' };
  const on = (platform: string, environment: NodeJS.ProcessEnv) =>
    userFolder(cache, { platform, environment, home: 'H', path: platform === 'win32' ? path.win32 : path.posix });
  const local = { LOCALAPPDATA: String.raw`C:\Users\a\AppData\Local` };
  expect(on('win32', local)).toBe(String.raw`C:\Users\a\AppData\Local\spacectl\Cache`);
  expect(on('win32', { ...local, XDG_CACHE_HOME: String.raw`D:\cache` })).toBe(String.raw`D:\cache\spacectl`);
  expect(on('win32', {})).toBe(String.raw`H\.cache\spacectl`);
  expect(on('linux', local)).toBe('H/.cache/spacectl');
  expect(on('linux', { XDG_CACHE_HOME: '/c' })).toBe('/c/spacectl');
});

test("on Windows, profiles are in the user's profile, as Go's programs have them, whatever HOME a bash sets", () => {
  expect(profileFile({ HOME: '/h', USERPROFILE: '/profile' })).toBe('/profile/.spacelift/config.json');
  expect(profileFile({ HOME: '/h', USERPROFILE: '/profile' }, 'linux')).toBe('/h/.spacelift/config.json');
});

test('on Windows, rendered secrets are known by their names: files have no modes', async () => {
  const dir = await temporaryFolder();
  for (const name of ['systemd/secrets.env', 'systemd/install.sh']) {
    await writeFileWhole(path.join(dir, name), Buffer.from('# Rendered by spacectl.\n'), {
      mode: 0o644,
      mayReplace: false,
    });
    await chmod(path.join(dir, name), 0o666);
  }
  expect((await stat(path.join(dir, 'systemd/secrets.env'))).mode & 0o777).toBe(0o666);
  expect(await renderedSecrets(dir)).toEqual([path.join(dir, 'systemd/secrets.env')]);
});

test('names of our own temporary files are names on Windows too', () => {
  // Microsoft, "Naming Files, Paths, and Namespaces".
  for (const name of ['spacelift.key', 'a'.repeat(255)]) {
    expect(temporaryName(name)).toMatch(/^[^<>:"/\\|?*\p{Cc}]{1,254}[^. <>:"/\\|?*\p{Cc}]$/u);
  }
});
