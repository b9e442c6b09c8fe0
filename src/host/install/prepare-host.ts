import path from 'node:path';
import { makeFolderFor } from '../../files/attributes.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { outputOf, runOrThrow } from '../programs.ts';
import { FOLDERS, placeIn } from './install-record.ts';
import { serviceState } from './service.ts';
import { accountExists, hasDockerGroup, refuseOtherUser, USER_ID } from './service-user.ts';

/** Reports whether the running host has the user, and starts the service at boot. */
export async function isPrepared({ signal }: Planner): Promise<boolean> {
  return (await accountExists('passwd', undefined, signal)) && ((await serviceState(signal))?.isEnabled ?? false);
}

/** Plans the user, its folders and the units that start at boot, in a tree that does not run. */
export async function planTree(
  root: string,
  units: readonly string[],
  isUnfinished: boolean,
  planner: Planner,
): Promise<readonly ActionChange[]> {
  await refuseOtherUser(root);
  const hasUser = await accountExists('passwd', root, planner.signal);
  const tree = ['--root', path.resolve(root)];
  const enabled = await Promise.all(
    units.map((unit) => outputOf('systemctl', [...tree, 'is-enabled', unit], planner.signal)),
  );
  return [
    planner.action({
      title: `Create the user spacelift and its directories in ${root}`,
      status: hasUser && !isUnfinished ? 'unchanged' : 'create',
      run: (signal) => createUser(root, signal),
    }),
    planner.action({
      title: `Enable ${units.join(', ')} in ${root}`,
      status: enabled.every((state) => state === 'enabled') ? 'unchanged' : 'create',
      run: (signal) => runOrThrow('systemctl', [...tree, 'enable', ...units], signal),
    }),
  ];
}

/** Creates the user and its folders. Adds it to the group docker if the tree has Docker. */
async function createUser(root: string, signal: AbortSignal): Promise<void> {
  const tree = ['--root', path.resolve(root)];
  const id = String(USER_ID);
  await runOrThrow('groupadd', [...tree, '--force', '--gid', id, 'spacelift'], signal);
  const home = ['--home-dir', '/opt/spacelift', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  if (!(await accountExists('passwd', root, signal))) {
    await runOrThrow('useradd', [...tree, '--uid', id, '--gid', id, ...home, 'spacelift'], signal);
  }
  if (await hasDockerGroup(root))
    await runOrThrow('usermod', [...tree, '--append', '--groups', 'docker', 'spacelift'], signal);
  for (const folder of FOLDERS) await makeFolderFor(placeIn(root, folder), { user: USER_ID, group: USER_ID });
}
