import { readFile } from 'node:fs/promises';

/**
 * Reports whether a group is named like a user and has no other members. useradd(8) creates such a group for each user, and
 * many systems then set the umask to 002 (pam_umask(8), `usergroups`), so that all directories of the user are writable for it.
 * Knows the users and groups of this machine's files only.
 */
export async function isPrivateGroup(group: number, user: number): Promise<boolean> {
  const [users, groups] = await Promise.all([readDatabase('/etc/passwd'), readDatabase('/etc/group')]);
  const name = users.find(([, , id]) => id === String(user))?.[0];
  const found = groups.find(([, , id]) => id === String(group));
  if (name === undefined || found?.[0] !== name) return false;
  const members = (found[3] ?? '').split(',').filter((member) => member !== '' && member !== name);
  const others = users.filter(([other, , , id]) => id === String(group) && other !== name);
  return members.length === 0 && others.length === 0;
}

/** Reads the lines of passwd(5) or group(5), split into fields. */
async function readDatabase(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}
