import { badImage } from '../bad-image.ts';
import type { ScanFilter } from '../layers/filter.ts';
import { LIMITS } from '../limits.ts';
import type { Applied } from './apply.ts';
import type { PendingPath } from './pending-path.ts';
import { ABSENT, childOf, type Directory, type Node } from './tree.ts';

/** Where a path leads. `visited`: all paths it was looked up at on the way, without a leading slash, no link among their parents. */
export type Outcome =
  | {
      readonly kind: 'file';
      readonly resolvedPath: string;
      readonly layer: number;
      readonly position: number;
      readonly size: number;
      readonly visited: readonly string[];
    }
  /** Nothing there that is a plain file, and nothing in unread layers can change it. */
  | { readonly kind: 'absent'; readonly visited: readonly string[]; readonly isCircle: boolean }
  /** Layers that have not been read decide; if `pending` is there, only such as `canSettle` it. */
  | { readonly kind: 'undecided'; readonly pending?: PendingPath }
  /** The layers that have been read must be asked about these names too. */
  | { readonly kind: 'uncovered'; readonly names: readonly string[]; readonly path: string };

/**
 * Follows a path through the files of an image as Linux would with the image's root as its own: links are followed,
 * absolute ones from the image's root, and `..` ends there.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE` if it comes upon a hard link to nothing
 */
export function resolvePath(applied: Applied, path: string, filter: ScanFilter): Outcome {
  const { uncertainty } = applied;
  const met: string[] = [];
  const { outcome, at, visited, known, isCircle = false } = follow(applied, path, met);
  const names = new Set(met.filter((name) => !filter.covers(name)));
  const isUncertain = uncertainty.hasOpaque || met.some((name) => uncertainty.names.has(name));
  // What a link leads through without the layers having been asked about it: the rest of the way is a guess, but
  // directories and links are always known, so that the guess names most of what to ask about in one go.
  if (outcome.kind === 'unknown' || isUncertain) for (const name of uncertainty.uncovered) names.add(name);
  if (outcome.kind === 'unknown') for (const name of outcome.names) names.add(name);
  if (names.size > 0) return { kind: 'uncovered', names: [...names], path: at };
  if (isUncertain || outcome.kind === 'unknown') {
    const isCertain = uncertainty.names.size === 0 && uncertainty.uncovered.size === 0 && !uncertainty.hasOpaque;
    const pending = isCertain && known !== undefined && { known: met.slice(0, known), unknown: met.slice(known) };
    return { kind: 'undecided', ...(pending && { pending }) };
  }
  if (outcome.kind === 'dangling') throw badImage(`/${at} is a hard link to ${outcome.target}, which is not there`);
  if (outcome.kind !== 'file') return { kind: 'absent', visited, isCircle };
  return { ...outcome, resolvedPath: `/${at}`, visited };
}

interface Resolution {
  readonly outcome: Node;
  readonly at: string;
  readonly visited: readonly string[];
  /** How many of the names met led on, where the next one is not known. */
  readonly known?: number;
  /** Whether it was given up after as many links as Linux follows. */
  readonly isCircle?: true;
}

/** Where a path leads by what is known, and the names met on the way. */
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
  return { outcome: ABSENT, at: '', visited };
}
