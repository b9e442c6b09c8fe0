import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { folderWithToken } from '../services/pool-folder.ts';
import { spacectl } from '../services/program.ts';
import { ROOT, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith(ROOT, 'openssl', 'useradd', 'systemctl');

/** A user with a group of the same name that has no other members, as `adduser` makes one. */
async function someUser(): Promise<{ user: number; group: number }> {
  const rows = async (file: string) => (await readFile(file, 'utf8')).split('\n').map((line) => line.split(':'));
  const [users, groups] = await Promise.all([rows('/etc/passwd'), rows('/etc/group')]);
  const found = users.find(
    ([name, , user, group]) =>
      Number(user) > 0 &&
      groups.some(([other, , id, members]) => other === name && id === group && members === '') &&
      users.filter(([, , , id]) => id === group).length === 1,
  );
  return { user: Number(found?.[2]), group: Number(found?.[3]) };
}

/** The directory of a user's pool, as made with a umask of 002, and a tree to install into. */
async function setUp(mode: number) {
  const [dir, tree, { user, group }] = [await folderWithToken(), await temporaryFolder(), await someUser()];
  const bundle = ['ca-bundle', 'build', '--offline', '--dir', dir, '--ca', path.resolve('docs/example-ca.pem')];
  expect((await spacectl(bundle)).exitCode).toBe(0);
  for (const name of ['.', ...(await readdir(dir))]) await chown(path.join(dir, name), user, group);
  await chmod(dir, mode);
  await mkdir(path.join(tree, 'etc'));
  await writeFile(path.join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(path.join(tree, 'etc/group'), 'root:x:0:\n');
  const install = ['host', 'install', '--dir', dir, '--root', tree];
  return { dir, tree, user, install };
}

test('sudo spacectl host install works with the directory of the user who runs it', async () => {
  const { install, user } = await setUp(0o775);
  const run = await spacectl(install, { env: { SUDO_UID: String(user) } });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
});

test.each([
  ['all users can change it', 0o777, true],
  ['it belongs to the user with the ID', 0o755, false],
])('root installs nothing from a directory if %s', async (reason, mode, isSudo) => {
  const { dir, tree, install, user } = await setUp(mode);
  const run = await spacectl(install, { env: isSudo ? { SUDO_UID: String(user) } : { SUDO_UID: '' } });
  expect(run.exitCode).toBe(77);
  expect(run.stderr).toContain(`does not work in ${dir}: ${reason}`);
  expect((await readdir(tree)).sort()).toEqual(['etc']);
});
