import { constants, lutimes } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { isSystemError } from '../core/errors.ts';
import { type HeldFolder, withFolderOf } from './folder.ts';
import { assertReplaceable } from './place.ts';

const { O_RDONLY, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Sets the permission bits of an existing file, of the one that was checked: a link is not followed, also if it is put there
 * meanwhile.
 * @throws UserError `SPACECTL_CANNOT_WRITE`, `SPACECTL_WOULD_OVERWRITE` for a link or a device
 */
export async function changeMode(file: string, mode: number): Promise<void> {
  await withFolderOf(file, async (folder, name) => {
    await assertReplaceable(folder.entry(name), file);
    const handle = await openEntry(folder.entry(name));
    try {
      await handle.chmod(mode);
    } finally {
      await handle.close();
    }
  });
}

/** Opens a file without following a link or waiting for the other end of a pipe. */
async function openEntry(place: string): Promise<FileHandle> {
  // Windows has neither.
  const flags = process.platform === 'win32' ? 0 : O_NOFOLLOW | O_NONBLOCK;
  return open(place, O_RDONLY | flags).catch((error: unknown) => {
    if (!isSystemError(error, 'EACCES')) throw error;
    return open(place, O_WRONLY | flags);
  });
}

/**
 * Creates a directory, unless it exists, and gives it to a user and a group. A link is not followed.
 * @throws UserError `SPACECTL_CANNOT_WRITE`
 */
export async function makeFolderFor(folder: string, { user, group }: { user: number; group: number }): Promise<void> {
  const make = async (parent: HeldFolder, name: string) => {
    await mkdir(parent.entry(name), 0o755).catch((error: unknown) => {
      if (!isSystemError(error, 'EEXIST')) throw error;
    });
    const held = await parent.open(name);
    try {
      await held.chown(user, group);
    } finally {
      await held.close();
    }
    await parent.sync();
  };
  await withFolderOf(folder, make, 0o777);
}

/** Sets the times of a file to now, without waiting. Errors are ignored. */
export function touch(file: string): void {
  const now = new Date();
  lutimes(file, now, now, () => {});
}
