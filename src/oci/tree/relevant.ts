import type { ScanFilter } from '../layers/filter.ts';
import { type Operation, operationsIn } from '../layers/operations.ts';
import { baseName, isWithin, parentOf } from '../tar/paths.ts';

/**
 * Finds all names that may be looked up while layers are applied and paths are resolved: those of the filter, and those in
 * the paths and targets of everything except directories, which lead nowhere else.
 *
 * @param layers the operations of each, for `operationsIn`
 * @returns whether a name may be looked up
 */
export function findNamesLookedUp(layers: readonly string[], filter: ScanFilter): (name: string) => boolean {
  const names = new Set<string>();
  for (const layer of layers) {
    for (const operation of operationsIn(layer, { directories: false })) {
      for (const name of operation.path.split('/')) names.add(name);
      if ('target' in operation) for (const name of operation.target.split('/')) names.add(name);
    }
  }
  return (name) => names.has(name) || filter.covers(name);
}

/**
 * Yields a layer's operations without directories that have no effect, which are most of them. A directory is left out if
 * its name is never looked up, its location is certain, and nothing relevant is in it.
 */
export function* filterOperations(layer: string, isLookedUp: (name: string) => boolean): Generator<Operation> {
  /** The last directory: this layer writes it and its parents, so that none of them is a link. */
  let lastDirectory = '';
  /** How many characters of that path were yielded. */
  let yielded = 0;
  for (const operation of operationsIn(layer)) {
    const { kind, path } = operation;
    const parent = parentOf(path);
    const isCertain = isWithin(lastDirectory, parent);
    if (kind === 'directory' && isCertain) {
      [lastDirectory, yielded] = [path, Math.min(yielded, parent.length)];
      if (!isLookedUp(baseName(path))) continue;
      for (const above of pathsBetween(parent, yielded)) yield { kind: 'directory', path: above };
      yielded = path.length;
    } else if (mayReplace(kind) && (!isCertain || isWithin(lastDirectory, path))) {
      // It may replace one of these directories, under this name or through a link.
      [lastDirectory, yielded] = ['', 0];
    }
    yield operation;
  }
}

function mayReplace(kind: Operation['kind']): boolean {
  return kind !== 'directory' && kind !== 'parents' && kind !== 'opaque';
}

/** Lists a path and its parents that are longer than a number of characters, from the root down. */
function pathsBetween(path: string, length: number): readonly string[] {
  const paths: string[] = [];
  for (let each = path; each.length > length; each = parentOf(each)) paths.unshift(each);
  return paths;
}
