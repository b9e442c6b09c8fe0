import type { PathTarget } from '../examination.ts';
import { LIMITS } from '../limits.ts';
import { type Container, findEntry, isKnownAhead, readEntry } from './container.ts';

/**
 * Resolves a path in a container as Linux would after a chroot to the image's root. Too many links, and what is neither a
 * file nor a directory, count as nothing.
 *
 * @throws UserError as `findEntry`
 */
export async function lookUp(container: Container, path: string): Promise<PathTarget> {
  const todo = path.split('/').reverse();
  let at: string[] = [];
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at.pop();
      continue;
    }
    const own = `/${[...at, name].join('/')}`;
    const seen = await findEntry(container, own);
    if (!seen) return { kind: 'absent' };
    if (seen.kind === 'symbolic link') {
      links++;
      if (links > LIMITS.links) return { kind: 'absent' };
      if (seen.target.startsWith('/')) at = [];
      todo.push(...seen.target.split('/').reverse());
    } else if (seen.kind === 'directory') at.push(name);
    else if (seen.kind === 'file' && todo.length === 0) return { kind: 'file', resolvedPath: own, size: seen.size };
    else return { kind: 'absent' };
  }
  return { kind: 'directory', resolvedPath: `/${at.join('/')}` };
}

/**
 * Resolves a path that is likely to be a link to an absolute path, or to be missing, as `lookUp` does: the engine is asked
 * for the path itself, instead of once for each directory above it.
 *
 * @throws UserError as `findEntry`
 */
export async function lookUpLink(container: Container, path: string): Promise<PathTarget> {
  if (isKnownAhead(container, path)) return lookUp(container, path);
  const seen = await readEntry(container, path);
  if (!seen) return { kind: 'absent' };
  const isAbsolute = seen.kind === 'symbolic link' && seen.target.startsWith('/');
  return lookUp(container, isAbsolute ? seen.target : path);
}
