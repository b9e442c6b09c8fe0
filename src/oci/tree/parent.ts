import { badImage } from '../bad-image.ts';
import { LIMITS } from '../limits.ts';
import { ABSENT, childOf, type Directory, directory, type Node } from './tree.ts';

/** What is uncertain while layers below are unread. */
export interface Uncertainty {
  /** Names of what was written where a directory was only assumed: it may be elsewhere, under the same name. */
  readonly names: Set<string>;
  /** Whether a directory was made opaque that may be another one. */
  hasOpaque: boolean;
  /** What the layers would have to be asked about to know what a hard link on the way is. */
  readonly uncovered: Set<string>;
}

/** Counts work, so that an image made to exhaust its reader ends in an error. */
export interface Budget {
  steps: number;
}

/** Where an entry of a layer goes. */
export interface Place {
  /** `undefined` where there is no such directory, and none was to be made. */
  readonly directory: Directory | undefined;
  /** Names from the root to it, no link among them. */
  readonly path: readonly string[];
  /** Whether it depends on unread layers that it is this directory. */
  readonly isUncertain: boolean;
  /** All names met on the way; of these, those from the first that is uncertain. */
  readonly met: readonly string[];
  readonly metUncertain: readonly string[];
}

interface Stage {
  readonly name: string;
  readonly directory: Directory | undefined;
}

/**
 * Finds the directory that an entry is written to, following links through what is there at that moment: like
 * filepath-securejoin, which umoci and containerd-like extractors use. Components that are not there are taken as
 * directories to be; `mayCreate` makes them.
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
  let firstUncertain = uncertainty.hasOpaque ? 0 : Number.POSITIVE_INFINITY;
  let stages: Stage[] = [{ name: '', directory: root }];
  let links = 0;
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (--budget.steps < 0) throw badImage('The layers of the image are too tangled to be followed');
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
      links++;
      if (links > LIMITS.links) throw badImage(`Symbolic links go in circles at /${components.join('/')}`);
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
  };
}

/** Makes the directories that are missing. A file in the way gives way, as in a file system laid over another. */
function create(stages: readonly Stage[]): Directory | undefined {
  let current: Directory | undefined;
  for (const stage of stages) {
    const next: Directory = stage.directory ?? directory();
    if (!stage.directory) current?.children.set(stage.name, next);
    current = next;
  }
  return current;
}
