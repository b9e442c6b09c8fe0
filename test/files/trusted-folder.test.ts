import { chmod, chown, lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { changeMode } from '../../src/files/attributes.ts';
import { assertTrustedFolder } from '../../src/files/trusted-folder.ts';
import { writeFileWhole } from '../../src/files/write.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith(ROOT);

/** A user of this machine, with a group of the same name that has no other members, or not. */
async function someUser(hasPrivateGroup: boolean): Promise<{ user: number; group: number }> {
  const rows = async (file: string) => (await readFile(file, 'utf8')).split('\n').map((line) => line.split(':'));
  const [users, groups] = await Promise.all([rows('/etc/passwd'), rows('/etc/group')]);
  for (const [name, , user, group] of users) {
    const own = groups.find(([other, , id, members]) => other === name && id === group && members === '');
    const isShared = users.filter(([, , , id]) => id === group).length > 1;
    if (Number(user) > 0 && (own !== undefined && !isShared) === hasPrivateGroup)
      return { user: Number(user), group: Number(group) };
  }
  throw new Error('no such user');
}

/** Runs as after `sudo` by a user. */
function asSudoOf(user: number): void {
  const before = process.env['SUDO_UID'];
  process.env['SUDO_UID'] = String(user);
  onTestFinished(() => {
    if (before === undefined) delete process.env['SUDO_UID'];
    else process.env['SUDO_UID'] = before;
  });
}

/** A directory with an owner and a mode. */
async function folderOf(owner: { user: number; group: number }, mode: number, name = 'pool'): Promise<string> {
  const folder = path.join(await temporaryFolder(), name);
  await mkdir(folder, { recursive: true });
  await chown(folder, owner.user, owner.group);
  await chmod(folder, mode);
  return folder;
}

const NOT_ALLOWED = { code: 'SPACECTL_NOT_ALLOWED', exitCode: 77 };
const ROOT_USER = { user: 0, group: 0 };

test.each([
  [0o777, 'all users can change it'],
  [0o757, 'all users can change it'],
  [0o775, 'the group 0 can change it'],
])('root does not write in a directory of mode %o, and says how to change it', async (mode, why) => {
  const folder = await folderOf(ROOT_USER, mode);
  const writing = writeFileWhole(path.join(folder, 'file'), Buffer.from('new'), { mode: 0o600, mayReplace: true });
  await expect(writing).rejects.toMatchObject({
    ...NOT_ALLOWED,
    message: `Running as root, spacectl does not work in ${folder}: ${why}`,
    suggestions: [{ command: `chmod go-w ${folder}` }],
  });
});

test.each([0o1777, 0o1775, 0o755, 0o700])('root writes in a directory of mode %o', async (mode) => {
  const file = path.join(await folderOf(ROOT_USER, mode), 'file');
  await writeFileWhole(file, Buffer.from('new'), { mode: 0o600, mayReplace: true });
  expect((await lstat(file)).size).toBe(3);
});

test('root does not work below a directory that others can change, nor through a link of theirs', async () => {
  const shared = await folderOf(ROOT_USER, 0o777);
  const below = path.join(shared, 'own');
  await mkdir(below, { mode: 0o755 });
  await expect(assertTrustedFolder(below)).rejects.toMatchObject({
    ...NOT_ALLOWED,
    message: expect.stringContaining(`${below} because of ${shared}: all users can change it`),
  });
  const [target, sticky] = [await folderOf(ROOT_USER, 0o755), await folderOf(ROOT_USER, 0o1777)];
  const link = path.join(sticky, 'link');
  await symlink(target, link);
  await assertTrustedFolder(link);
  await import('node:fs/promises').then(({ lchown }) => lchown(link, 12_345, 12_345));
  await expect(assertTrustedFolder(link)).rejects.toMatchObject(NOT_ALLOWED);
});

test("another user's directory is refused; that of the user who ran sudo is trusted", async () => {
  const { user, group } = await someUser(true);
  const folder = await folderOf({ user, group }, 0o755);
  await expect(assertTrustedFolder(folder)).rejects.toMatchObject({
    ...NOT_ALLOWED,
    message: `Running as root, spacectl does not work in ${folder}: it belongs to the user with the ID ${user}`,
    suggestions: expect.arrayContaining([{ text: expect.stringContaining(`SUDO_UID=${user}`) }]),
  });
  asSudoOf(user);
  await writeFileWhole(path.join(folder, 'file'), Buffer.from('new'), { mode: 0o600, mayReplace: false });
  await changeMode(path.join(folder, 'file'), 0o640);
  expect((await lstat(path.join(folder, 'file'))).mode & 0o777).toBe(0o640);
});

test("a directory made with a umask of 002 is trusted if the group is the user's own", async () => {
  const own = await someUser(true);
  asSudoOf(own.user);
  await assertTrustedFolder(await folderOf(own, 0o775));
  await expect(assertTrustedFolder(await folderOf({ ...own, group: 0 }, 0o775))).rejects.toMatchObject(NOT_ALLOWED);
  await expect(assertTrustedFolder(await folderOf(own, 0o777))).rejects.toMatchObject(NOT_ALLOWED);
});

test.each(['usr/local', 'usr/local/bin', 'usr/local/share/ca-certificates', 'var/log'])(
  '/%s may belong to a group of the system, as distributions have it',
  async (name) => {
    await assertTrustedFolder(await folderOf({ user: 0, group: 50 }, 0o2775, name));
    await expect(assertTrustedFolder(await folderOf({ user: 0, group: 50 }, 0o777, name))).rejects.toMatchObject(
      NOT_ALLOWED,
    );
  },
);

test('other users than root work where they may', async () => {
  const folder = await folderOf({ user: 65_534, group: 65_534 }, 0o777);
  await chmod(path.dirname(folder), 0o755);
  await writeFile(path.join(folder, 'file'), 'old');
  await chown(path.join(folder, 'file'), 65_534, 65_534);
  process.seteuid?.(65_534);
  try {
    await changeMode(path.join(folder, 'file'), 0o600);
  } finally {
    process.seteuid?.(0);
  }
  expect((await lstat(path.join(folder, 'file'))).mode & 0o777).toBe(0o600);
});
