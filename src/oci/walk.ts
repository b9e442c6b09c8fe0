import type { Applied } from './apply.ts';
import { badImage } from './bad-image.ts';
import type { Interest } from './interest.ts';
import { LIMITS } from './limits.ts';
import { childOf, type Directory } from './tree.ts';

/** Where a path leads. */
export type Outcome =
  | {
      readonly kind: 'file';
      readonly resolvedPath: string;
      readonly layer: number;
      readonly position: number;
      readonly size: number;
    }
  /** Nothing there that is a plain file, and nothing in unread layers can change it. */
  | { readonly kind: 'absent' }
  /** Layers that have not been read decide. */
  | { readonly kind: 'undecided' }
  /** The layers that have been read must be asked about these names too. */
  | { readonly kind: 'uncovered'; readonly names: readonly string[]; readonly path: string };

/**
 * Follows a path through the files of an image as Linux would with the image's root as its own: links are followed,
 * absolute ones from the image's root, and `..` ends there.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE` if it comes upon a hard link to nothing
 */
export function walk({ root, doubts }: Applied, path: string, interest: Interest): Outcome {
  const todo = path.split('/').reverse();
  let stages: { name: string; directory: Directory }[] = [{ name: '', directory: root }];
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const parent = stages.at(-1)?.directory ?? root;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (stages.length > 1) stages.pop();
      continue;
    }
    const own = [...stages.slice(1).map((stage) => stage.name), name].join('/');
    if (!interest.covers(name)) return { kind: 'uncovered', names: [name, ...namesIn(todo)], path: own };
    if (doubts.hasOpaque || doubts.names.has(name)) return { kind: 'undecided' };
    const node = childOf(parent, name);
    if (node?.kind === 'directory' && !node.isAssumed) stages.push({ name, directory: node });
    else if (node?.kind === 'symbolic link') {
      links++;
      if (links > LIMITS.links) return { kind: 'absent' };
      if (node.target.startsWith('/')) stages = stages.slice(0, 1);
      todo.push(...node.target.split('/').reverse());
    } else if (node?.kind === 'file' && todo.length === 0) return { ...node, resolvedPath: `/${own}` };
    else if (node?.kind === 'dangling') throw badImage(`/${own} is a hard link to ${node.target}, which is not there`);
    else if (node?.kind === 'unknown' && node.names.length > 0)
      return { kind: 'uncovered', names: node.names, path: own };
    else return { kind: !node || node.kind === 'directory' || node.kind === 'unknown' ? 'undecided' : 'absent' };
  }
  return { kind: 'absent' };
}

function namesIn(components: readonly string[]): readonly string[] {
  return components.filter((name) => name !== '' && name !== '.' && name !== '..');
}
