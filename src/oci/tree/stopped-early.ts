import { type Operation, operationsIn } from '../layers/operations.ts';
import { baseName, cleanPath, isWithin, parentOf } from '../tar/paths.ts';

/** The operations of a layer, and whether it has more of them after a path. */
export interface ReadLayer {
  readonly operations: string;
  /** Reports whether the layer was stopped before it came to a path. */
  isStoppedBefore(path: string): boolean;
}

interface Link {
  readonly layer: number;
  readonly path: string;
  /** Components of the target; none if it leads to the root, or to an unknown place. */
  readonly target: readonly string[];
}

/**
 * Finds the layers that were stopped too early for some paths: before one of them, before a link that leads to one, or before
 * a directory through which another layer writes to one. It goes by names alone, and finds too many rather than too few. It
 * cannot know what two layers hide that were both stopped: a link in one, and an entry through it in the other.
 *
 * @param layers bottom first
 * @param visited clean paths that were looked up
 * @returns whether each layer was
 */
export function findStoppedTooEarly(layers: readonly ReadLayer[], visited: readonly string[]): readonly boolean[] {
  const read = layers.map(({ operations }) => [...operationsIn(operations, { directories: false })]);
  const paths = withHardLinkTargets(read.flat(), visited);
  const names = new Set(paths.flatMap((path) => path.split('/')));
  const links = findLinksInto(read.flatMap(linksOf), names);
  const parents = layers.map(({ operations }) => findUncertainParents(operations, names));
  const linkNames = new Set(read.flat().flatMap((each) => ('target' in each ? [baseName(each.path)] : [])));
  // A link whose directory is reached through a link may be at another path.
  const isElsewhere = (path: string) =>
    parentOf(path)
      .split('/')
      .some((name) => linkNames.has(name));
  return layers.map(
    ({ isStoppedBefore }, index) =>
      paths.some(isStoppedBefore) ||
      links.some(({ layer, path }) => layer <= index && isStoppedBefore(isElsewhere(path) ? LAST : path)) ||
      parents.slice(index + 1).some((above) => above.some(isStoppedBefore)),
  );
}

/** A path after every other one. */
const LAST = '\u00ff';

/** Adds the targets of hard links that may be at one of some paths, and the directories above them. */
function withHardLinkTargets(operations: readonly Operation[], paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  const names = new Set(paths.map(baseName));
  const links = operations.flatMap((each) => (each.kind === 'hard link' ? [each] : []));
  for (let before = -1; before !== all.size; ) {
    before = all.size;
    for (const { path, target } of links) {
      if (!names.has(baseName(path))) continue;
      for (let each = cleanPath(target).join('/'); each !== ''; each = parentOf(each)) {
        all.add(each);
        names.add(baseName(each));
      }
    }
  }
  return [...all];
}

/** Finds the links that end in one of some names, or in the name of such a link. */
function findLinksInto(links: readonly Link[], wanted: ReadonlySet<string>): readonly Link[] {
  const names = new Set(wanted);
  const found: Link[] = [];
  let rest = links;
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    rest = rest.filter((link) => {
      const last = link.target.at(-1);
      if (last !== undefined && !names.has(last)) return true;
      names.add(baseName(link.path));
      found.push(link);
      return false;
    });
  }
  return found;
}

function linksOf(operations: readonly Operation[], layer: number): readonly Link[] {
  return operations.flatMap((operation) => {
    if (!('target' in operation)) return [];
    const { kind, path, target } = operation;
    const isRelative = kind === 'symbolic link' && !target.startsWith('/');
    return [
      { layer, path, target: isUnclear(target) ? [] : cleanPath(isRelative ? `${parentOf(path)}/${target}` : target) },
    ];
  });
}

/** Reports whether `..` follows a name: where that leads to depends on whether the name is a link. */
function isUnclear(target: string): boolean {
  const components = target.split('/').filter((each) => each !== '' && each !== '.');
  const name = components.findIndex((each) => each !== '..');
  return name >= 0 && components.includes('..', name);
}

/** Lists the directories that a layer writes some names to without writing the directory itself: it may be a link. */
function findUncertainParents(layer: string, names: ReadonlySet<string>): readonly string[] {
  const parents = new Set<string>();
  let lastDirectory = '';
  for (const { kind, path } of operationsIn(layer)) {
    const parent = kind === 'opaque' ? path : parentOf(path);
    const isCertain = isWithin(lastDirectory, parent);
    if (kind === 'directory' && isCertain) lastDirectory = path;
    else if (isWithin(lastDirectory, path)) lastDirectory = '';
    if (!isCertain && (kind === 'opaque' || names.has(baseName(path)))) parents.add(parent);
  }
  return [...parents];
}
