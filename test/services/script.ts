import { chmod, writeFile } from 'node:fs/promises';
import { execa } from 'execa';

/** The shells that may be `sh` on a host. */
export const SHELLS: readonly (readonly string[])[] = [['dash'], ['bash', '--posix'], ['busybox', 'sh']];

/** Writes a script that runs in this shell, also if it starts itself again. */
export async function writeScript(file: string, text: string, [shell = 'sh', ...options]: readonly string[]) {
  const { stdout } = await execa('sh', ['-c', 'command -v "$0"', shell]);
  await writeFile(file, text.replace(/^#!.*/, `#!${[stdout, ...options].join(' ')}`));
  await chmod(file, 0o755);
}
