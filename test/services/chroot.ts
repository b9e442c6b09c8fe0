import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Reads a file of an unpacked image the way a process would whose root is that folder: absolute links start there, `..`
 * ends there. `undefined` if the path leads to nothing that is a plain file.
 */
export async function readInRoot(root: string, file: string): Promise<Buffer | undefined> {
  let current: string[] = [];
  const rest = file.split('/').filter((name) => name !== '');
  for (let links = 0; rest.length > 0; ) {
    const name = rest.shift() as string;
    if (name === '.') continue;
    if (name === '..') {
      current.pop();
      continue;
    }
    const here = path.join(root, ...current, name);
    const stats = await lstat(here).catch(() => undefined);
    if (!stats) return undefined;
    if (stats.isSymbolicLink()) {
      links++;
      if (links > 40) return undefined;
      const target = await readlink(here);
      if (target.startsWith('/')) current = [];
      rest.unshift(...target.split('/').filter((each) => each !== ''));
    } else if (stats.isDirectory()) current.push(name);
    else return stats.isFile() && rest.length === 0 ? readFile(here) : undefined;
  }
  return undefined;
}
