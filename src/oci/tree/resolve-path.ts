import { badImage } from '../bad-image.ts';
import type { ScanFilter } from '../layers/filter.ts';
import { LIMITS } from '../limits.ts';
import { fromByteName } from '../tar/paths.ts';
import type { Applied } from './apply.ts';
import type { PendingPath } from './pending-path.ts';
import { ABSENT, childOf, type Directory, type Node } from './tree.ts';

/** Where a path leads. `visited`: all paths looked up on the way, without a leading slash and with resolved parents. */
export type Outcome =
  | {
      readonly kind: 'file';
      readonly resolvedPath: string;
      readonly layer: number;
      readonly position: number;
      readonly size: number;
      readonly visited: readonly string[];
    }
  /** The path is not a regular file, whatever unread layers hold. */
  | {
      readonly kind: 'absent';
      readonly visited: readonly string[];
      readonly isCircle: boolean;
      /** The absolute path of the directory that the path leads to instead. */
      readonly directory?: string;
    }
  /** Unread layers decide; with `pending`, only those that `canDecide` returns true for. */
  | { readonly kind: 'undecided'; readonly pending?: PendingPath }
  /** The layers must be scanned again, for these names too. */
  | { readonly kind: 'uncovered'; readonly names: readonly string[]; readonly path: string };

/**
 * Resolves a path in an image as Linux would after a chroot to the image's root: links are followed, absolute ones from
 * that root, and `..` does not leave it.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE` if the path leads to a hard link without a target
 */
export function resolvePath(applied: Applied, path: string, filter: ScanFilter): Outcome {
  const { uncertainty } = applied;
  const met: string[] = [];
  const { outcome, at, visited, known, isCircle = false } = follow(applied, path, met);
  const names = new Set(met.filter((name) => !filter.covers(name)));
  // Entries that are in another directory than it seems may be under any name, also where nothing else is.
  const isAbsentSoFar = (outcome.kind === 'absent' || outcome.kind === 'directory') && uncertainty.names.size > 0;
  const isUncertain = uncertainty.hasRemoval || isAbsentSoFar || met.some((name) => uncertainty.names.has(name));
  // Names that the layers were not scanned for make the rest of the path a guess. Directories and links are always known,
  // so that the guess finds most of the missing names at once.
  if (outcome.kind === 'unknown' || isUncertain) for (const name of uncertainty.uncovered) names.add(name);
  if (outcome.kind === 'unknown') for (const name of outcome.names) names.add(name);
  if (names.size > 0) return { kind: 'uncovered', names: [...names], path: at };
  if (isUncertain || outcome.kind === 'unknown') {
    const isCertain = uncertainty.names.size === 0 && uncertainty.uncovered.size === 0 && !uncertainty.hasRemoval;
    const pending = isCertain && known !== undefined && { known: met.slice(0, known), unknown: met.slice(known) };
    return { kind: 'undecided', ...(pending && { pending }) };
  }
  if (outcome.kind === 'dangling')
    throw badImage(`/${fromByteName(at)} is a hard link to ${fromByteName(outcome.target)}, which does not exist`);
  if (outcome.kind === 'directory') return { kind: 'absent', visited, isCircle, directory: `/${at}` };
  if (outcome.kind !== 'file') return { kind: 'absent', visited, isCircle };
  return { ...outcome, resolvedPath: `/${at}`, visited };
}

interface Resolution {
  readonly outcome: Node;
  readonly at: string;
  readonly visited: readonly string[];
  /** How many of the names are resolved, where the next one is unknown. */
  readonly known?: number;
  /** Whether the path has more links than Linux follows. */
  readonly isCircle?: true;
}

/** Resolves a path as far as the tree is known, and adds the names on the way to `met`. */
function follow({ root }: Applied, path: string, met: string[]): Resolution {
  const todo = path.split('/').reverse();
  let stages: { name: string; directory: Directory }[] = [{ name: '', directory: root }];
  const visited: string[] = [];
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (stages.length > 1) stages.pop();
      continue;
    }
    met.push(name);
    const at = [...stages.slice(1).map((stage) => stage.name), name].join('/');
    visited.push(at);
    const node = childOf(stages.at(-1)?.directory ?? root, name);
    if (!node || (node.kind === 'directory' && node.isAssumed)) {
      const known = met.length - 1;
      const rest = todo.reverse().filter((each) => each !== '' && each !== '.' && each !== '..');
      met.push(...rest);
      return { outcome: { kind: 'unknown', names: [] }, at: [at, ...rest].join('/'), visited, known };
    }
    if (node.kind === 'directory') stages.push({ name, directory: node });
    else if (node.kind === 'symbolic link') {
      links++;
      if (links > LIMITS.links) return { outcome: ABSENT, at, visited, isCircle: true };
      if (node.target.startsWith('/')) stages = stages.slice(0, 1);
      todo.push(...node.target.split('/').reverse());
    } else if (node.kind === 'file' && todo.length > 0) return { outcome: ABSENT, at, visited };
    else return { outcome: node, at, visited };
  }
  const at = stages.slice(1).map((stage) => stage.name);
  return { outcome: stages.at(-1)?.directory ?? root, at: at.join('/'), visited };
}
