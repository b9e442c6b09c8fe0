import { lstat, mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Entry } from '../image.ts';

/** Makes a directory tree of files and links, as the root of a container of an image with them. */
export async function makeTree(root: string, entries: readonly Entry[]): Promise<void> {
  // Links to directories first: an entry below one belongs in its target.
  for (const { name, type, target = '' } of entries) {
    if (type !== 'symlink') continue;
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await symlink(target, path.join(root, name));
  }
  for (const { name, type, content = '' } of entries) {
    if (type === 'file') await mountOver(root, `/${name}`, content);
  }
}

/**
 * Puts a file at a path of a tree where a container engine would mount it: links are resolved inside the tree, and what is
 * missing is created (runc, libcontainer/rootfs_linux.go).
 */
export async function mountOver(root: string, file: string, content: string | Uint8Array): Promise<void> {
  const at = path.join(root, await resolveInRoot(root, file));
  await mkdir(path.dirname(at), { recursive: true });
  await rm(at, { force: true });
  await writeFile(at, content);
}

async function resolveInRoot(root: string, file: string): Promise<string> {
  let current: string[] = [];
  const rest = file.split('/').filter(Boolean);
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '.') continue;
    if (name === '..') {
      current.pop();
      continue;
    }
    const here = path.join(root, ...current, name);
    const stats = await lstat(here).catch(() => undefined);
    if (!stats?.isSymbolicLink()) {
      current.push(name);
      continue;
    }
    const target = await readlink(here);
    if (target.startsWith('/')) current = [];
    rest.unshift(...target.split('/').filter(Boolean));
  }
  return current.join('/');
}
