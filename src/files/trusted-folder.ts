import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, readFile, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import type { Advice } from '../core/suggestion.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { isPrivateGroup } from './private-group.ts';

/**
 * Directories that distributions let a group of the system write to: `/usr/local` and below belongs to the group staff
 * (Debian Policy, 9.1.2), `/var/log` to the group syslog (Ubuntu, package rsyslog). Also in a tree that `--root` names.
 */
const SYSTEM_FOLDERS = /\/(?:usr\/local(?:\/[^/]+){0,2}|var\/log)$/;

/**
 * Checks that no other user can change the entries of a directory in which this process works as root: they could
 * replace a file between two of its steps. Trusts the user who ran `sudo` (sudo(8), SUDO_UID). Does nothing for other users
 * than root, who can be made to change nothing but their own files.
 *
 * @param handle the open directory; what leads to it is checked by path
 * @param place its path as it was given, absolute
 * @throws UserError `SPACECTL_NOT_ALLOWED`
 */
export async function assertTrusted(handle: FileHandle, place: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  await assertOwn(place, await handle.stat(), place);
  for (const folder of parentsOf(await pathOf(handle, place))) await assertOwn(folder, await stat(folder), place);
  // A link on the way is as good as the directory that it is in.
  for (const folder of [place, ...parentsOf(place)]) {
    const stats = await lstat(folder);
    if (!stats.isSymbolicLink()) await assertOwn(folder, stats, place);
    else await assertOwner(folder, stats.uid, place);
  }
}

/** Checks a directory that exists before root works in it. @throws as `assertTrusted` */
export async function assertTrustedFolder(folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const handle = await open(folder).catch(() => undefined);
  if (!handle) return;
  try {
    await assertTrusted(handle, path.resolve(folder));
  } finally {
    await handle.close();
  }
}

/** Returns the path of an open directory without links. */
async function pathOf({ fd }: FileHandle, place: string): Promise<string> {
  const found = await readlink(`/proc/self/fd/${fd}`).catch(() => undefined);
  return found ?? realpath(place);
}

function parentsOf(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [] : [parent, ...parentsOf(parent)];
}

async function assertOwn(folder: string, { uid, gid, mode }: Stats, place: string): Promise<void> {
  await assertOwner(folder, uid, place);
  const [isForGroup, isForAll, isSticky] = [(mode & 0o020) !== 0, (mode & 0o002) !== 0, (mode & 0o1000) !== 0];
  if (isSticky || !(isForGroup || isForAll)) return;
  if (!isForAll && uid === 0 && SYSTEM_FOLDERS.test(folder)) return;
  if (!isForAll && uid !== 0 && (await isPrivateGroup(gid, uid))) return;
  const who = isForAll ? 'all users' : `the group ${gid}`;
  throw untrusted(folder, place, `${who} can change it`, [{ command: `chmod go-w ${quoteIfNeeded(folder)}` }]);
}

async function assertOwner(folder: string, uid: number, place: string): Promise<void> {
  if (uid === 0 || String(uid) === process.env['SUDO_UID'] || (await isOutsideNamespace(uid))) return;
  throw untrusted(folder, place, `it belongs to the user with the ID ${uid}`, [
    {
      text: 'Run the command as that user, or give the directory to root',
      command: `chown root ${quoteIfNeeded(folder)}`,
    },
    `If root may trust that user, set SUDO_UID=${uid}`,
  ]);
}

function untrusted(folder: string, place: string, why: string, suggestions: readonly Advice[]): UserError {
  const through = folder === place ? '' : ` because of ${folder}`;
  return new UserError(
    'SPACECTL_NOT_ALLOWED',
    `Running as root, spacectl does not work in ${place}${through}: ${why}`,
    {
      suggestions,
    },
  );
}

/** Reports whether an owner is not in this user namespace (user_namespaces(7)): all of those are shown as one user. */
async function isOutsideNamespace(uid: number): Promise<boolean> {
  const [overflow = '', map = ''] = await Promise.all(
    ['/proc/sys/kernel/overflowuid', '/proc/self/uid_map'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return uid === Number(overflow.trim() || Number.NaN) && !/^\s*0\s+0\s+4294967295\s*$/.test(map);
}
