import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { outputOf, runOrThrow } from '../programs.ts';
import { placeIn } from './install-record.ts';

/** Whether there is the service's user, or the group of that name, on the host or in the tree. */
export async function isKnown(
  database: 'passwd' | 'group',
  root: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (root === undefined) return (await outputOf('getent', [database, 'spacelift'], signal)) !== undefined;
  return /^spacelift:/m.test(await readFile(placeIn(root, `/etc/${database}`), 'utf8').catch(() => ''));
}

/** Removes the user; the group goes with it, and by itself where an installation was stopped between the two. */
export async function userRemoval(root: string | undefined, { action, signal }: Planner): Promise<ActionChange> {
  const tree = root === undefined ? [] : ['--root', path.resolve(root)];
  const isThere = (await isKnown('passwd', root, signal)) || (await isKnown('group', root, signal));
  return action({
    title: 'Remove the user spacelift',
    status: isThere ? 'create' : 'unchanged',
    async run(during) {
      if (await isKnown('passwd', root, during)) await runOrThrow('userdel', [...tree, 'spacelift'], during);
      if (await isKnown('group', root, during)) await runOrThrow('groupdel', [...tree, 'spacelift'], during);
    },
  });
}
