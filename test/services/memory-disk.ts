import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { NAMESPACES } from './programs.ts';
import { temporaryFolder } from './temporary.ts';

/** What a test needs for `mountMemoryDisk`, for `testWith`. */
export const DISK_NEEDS = [NAMESPACES, 'mount', 'umount'] as const;

/** Mounts a file system in memory at an empty folder; it goes away with the test. @param options as in `size=2m` */
export async function mountMemoryDisk(options: string) {
  const folder = await temporaryFolder();
  await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(async () => void (await execa('umount', [folder])));
  const remount = async (changed: string) => void (await execa('mount', ['-o', `remount,${changed}`, folder]));
  return { folder, remount };
}
