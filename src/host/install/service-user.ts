import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { outputOf, runOrThrow } from '../programs.ts';
import { placeIn } from './install-record.ts';

/** Runner images use the same user. */
export const USER_ID = 1983;

/** Reports whether the service's user, or its group, exists on the host or in the tree. */
export async function accountExists(
  database: 'passwd' | 'group',
  root: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (root === undefined) return (await outputOf('getent', [database, 'spacelift'], signal)) !== undefined;
  return (await accountsIn(root, database)).some(([name]) => name === 'spacelift');
}

/** Reads the accounts of a tree: name, password, ID and the rest (passwd(5), group(5)). */
async function accountsIn(root: string, database: 'passwd' | 'group'): Promise<readonly (readonly string[])[]> {
  const text = await readFile(placeIn(root, `/etc/${database}`), 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}

/** Reports whether a tree has the group that may use Docker's socket. */
export async function hasDockerGroup(root: string): Promise<boolean> {
  return (await accountsIn(root, 'group')).some(([name]) => name === 'docker');
}

/**
 * Checks that the user in a tree has the UID of runner images, and that no other user has it. The installer does the same on
 * the machine itself. @throws UserError `SPACECTL_WOULD_OVERWRITE`
 */
export async function refuseOtherUser(root: string): Promise<void> {
  const accounts = await accountsIn(root, 'passwd');
  const [, , uid = String(USER_ID)] = accounts.find(([name]) => name === 'spacelift') ?? [];
  const [owner] = accounts.find(([name, , id]) => name !== 'spacelift' && id === String(USER_ID)) ?? [];
  if (uid !== String(USER_ID)) {
    throw new UserError(
      'SPACECTL_WOULD_OVERWRITE',
      `The user spacelift in ${root} has UID ${uid}, but runner images use ${USER_ID}`,
      { suggestions: [{ text: 'Remove or rename that user first', command: `userdel --root ${root} spacelift` }] },
    );
  }
  if (owner !== undefined) {
    throw new UserError('SPACECTL_WOULD_OVERWRITE', `UID ${USER_ID} in ${root} belongs to ${owner}: free it first`);
  }
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
