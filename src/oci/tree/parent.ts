import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { fromByteName } from '../tar/paths.ts';
import { ABSENT, childOf, type Directory, directory, type Node } from './tree.ts';

/** What is uncertain until lower layers are read. */
export interface Uncertainty {
  /** Names of entries whose directory is only assumed: they may be in another one, under the same name. */
  readonly names: Set<string>;
  /** Whether something may be removed elsewhere than it seems. */
  hasRemoval: boolean;
  /** Names that layers must be scanned for to resolve the hard links met. */
  readonly uncovered: Set<string>;
}

/** Counts the work, so that an image that is made to exhaust the reader ends in an error. */
export interface Budget {
  steps: number;
}

/** The directory that an entry of a layer belongs in. */
export interface Place {
  /** `undefined` where the directory does not exist and may not be created. */
  readonly directory: Directory | undefined;
  /** Names from the root to it, without links. */
  readonly path: readonly string[];
  /** Whether unread layers may show that it is another directory. */
  readonly isUncertain: boolean;
  /** All names looked up on the way; `metUncertain` are those from the first uncertain one. */
  readonly met: readonly string[];
  readonly metUncertain: readonly string[];
  /** Those of them that are symbolic links. */
  readonly links: readonly string[];
}

interface Stage {
  readonly name: string;
  readonly directory: Directory | undefined;
}

/**
 * Finds the directory that an entry is written to. Links are resolved as the tree is at that moment, like
 * filepath-securejoin does, which umoci and containerd-like extractors use. Missing components are assumed to be
 * directories; `mayCreate` creates them.
 *
 * @throws UserError `SPACECTL_BAD_IMAGE` if links go in circles
 */
export function findParent(
  root: Directory,
  components: readonly string[],
  { mayCreate, uncertainty, budget }: { mayCreate: boolean; uncertainty: Uncertainty; budget: Budget },
): Place {
  const todo = components.toReversed();
  const met: string[] = [];
  let firstUncertain = uncertainty.hasRemoval ? 0 : Number.POSITIVE_INFINITY;
  let stages: Stage[] = [{ name: '', directory: root }];
  const links: string[] = [];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (--budget.steps < 0) throw badImage("The image's layers contain too many links to resolve");
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (stages.length > 1) stages.pop();
      continue;
    }
    const parent = stages.at(-1)?.directory;
    const node: Node | undefined = parent ? childOf(parent, name) : ABSENT;
    met.push(name);
    if (node?.kind === 'unknown') for (const each of node.names) uncertainty.uncovered.add(each);
    const isUncertain = !node || node.kind === 'unknown' || (node.kind === 'directory' && node.isAssumed);
    if (isUncertain || uncertainty.names.has(name)) firstUncertain = Math.min(firstUncertain, met.length - 1);
    if (node?.kind === 'symbolic link') {
      links.push(name);
      if (links.length > LIMITS.links)
        throw badImage(`/${fromByteName(components.join('/'))} leads through more than ${LIMITS.links} symbolic links`);
      if (node.target.startsWith('/')) stages = stages.slice(0, 1);
      todo.push(...node.target.split('/').reverse());
    } else if (node?.kind === 'directory') {
      stages.push({ name, directory: node });
    } else if (parent && !node) {
      const assumed = directory({ isTransparent: true, isAssumed: true });
      parent.children.set(name, assumed);
      stages.push({ name, directory: assumed });
    } else {
      stages.push({ name, directory: undefined });
    }
  }
  return {
    directory: mayCreate ? create(stages) : stages.at(-1)?.directory,
    path: stages.slice(1).map((stage) => stage.name),
    isUncertain: firstUncertain < Number.POSITIVE_INFINITY,
    met,
    metUncertain: met.slice(Math.min(firstUncertain, met.length)),
    links,
  };
}

/** Creates the missing directories. They replace files, as in an overlay file system. */
function create(stages: readonly Stage[]): Directory | undefined {
  let current: Directory | undefined;
  for (const stage of stages) {
    const next: Directory = stage.directory ?? directory();
    if (!stage.directory) current?.children.set(stage.name, next);
    current = next;
  }
  return current;
}
