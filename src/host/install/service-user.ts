import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { outputOf, runOrThrow } from '../programs.ts';
import { placeIn } from './install-record.ts';

/** Reports whether the service's user, or its group, exists on the host or in the tree. */
export async function accountExists(
  database: 'passwd' | 'group',
  root: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (root === undefined) return (await outputOf('getent', [database, 'spacelift'], signal)) !== undefined;
  return /^spacelift:/m.test(await readFile(placeIn(root, `/etc/${database}`), 'utf8').catch(() => ''));
}

/** Removes the user and its group, also a group that an interrupted installation created without a user. */
export async function userRemoval(root: string | undefined, { action, signal }: Planner): Promise<ActionChange> {
  const tree = root === undefined ? [] : ['--root', path.resolve(root)];
  const isPresent = (await accountExists('passwd', root, signal)) || (await accountExists('group', root, signal));
  return action({
    title: 'Remove the user spacelift',
    status: isPresent ? 'create' : 'unchanged',
    async run(during) {
      if (await accountExists('passwd', root, during)) await runOrThrow('userdel', [...tree, 'spacelift'], during);
      if (await accountExists('group', root, during)) await runOrThrow('groupdel', [...tree, 'spacelift'], during);
    },
  });
}
