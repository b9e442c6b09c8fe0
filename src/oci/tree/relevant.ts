import type { ScanFilter } from '../layers/filter.ts';
import { type Operation, operationsIn } from '../layers/operations.ts';
import { baseName, isWithin, parentOf } from '../tar/paths.ts';

/**
 * All names that are ever looked up while layers are put together and paths followed: those asked about, and what is in
 * the paths and targets of everything but plain directories, which cannot lead anywhere else than their name says.
 *
 * @param layers what each of them does, for `operationsIn`
 */
export function namesLookedUp(layers: readonly string[], filter: ScanFilter): (name: string) => boolean {
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
 * What a layer does, without the directories that change nothing for anybody: most of them. One is left out if its name is
 * never looked up, if it is beyond doubt where it is, and nothing that counts is in it.
 */
export function* relevantOperations(layer: string, isLookedUp: (name: string) => boolean): Generator<Operation> {
  /** The last directory: it and those above it are this layer's own, and no link leads from there to somewhere else. */
  let trail = '';
  /** How much of that path has been handed on. */
  let handedOn = 0;
  for (const operation of operationsIn(layer)) {
    const { kind, path } = operation;
    const parent = parentOf(path);
    const isSure = isWithin(trail, parent);
    if (kind === 'directory' && isSure) {
      [trail, handedOn] = [path, Math.min(handedOn, parent.length)];
      if (!isLookedUp(baseName(path))) continue;
      for (const above of pathsBetween(parent, handedOn)) yield { kind: 'directory', path: above };
      handedOn = path.length;
    } else if (mayReplace(kind) && (!isSure || isWithin(trail, path))) {
      // It may take the place of one of them, under this name or by way of a link under another.
      [trail, handedOn] = ['', 0];
    }
    yield operation;
  }
}

function mayReplace(kind: Operation['kind']): boolean {
  return kind !== 'directory' && kind !== 'parents' && kind !== 'opaque';
}

/** The paths that lead to one, it included, as far as they are longer than so many characters. */
function pathsBetween(path: string, length: number): readonly string[] {
  const paths: string[] = [];
  for (let each = path; each.length > length; each = parentOf(each)) paths.unshift(each);
  return paths;
}
