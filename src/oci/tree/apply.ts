import type { ScanFilter } from '../layers/filter.ts';
import { hasRemovals, type Operation } from '../layers/operations.ts';
import type { LayerScan } from '../layers/scan.ts';
import { cleanPath } from '../tar/paths.ts';
import { type Budget, findParent, type Place, type Uncertainty } from './parent.ts';
import { filterOperations, findNamesLookedUp } from './relevant.ts';
import { ABSENT, childOf, type Directory, directory, type Node } from './tree.ts';

/** Layers applied on top of each other. */
export interface Applied {
  readonly root: Directory;
  readonly uncertainty: Uncertainty;
}

/**
 * Applies layers from the bottom up, in the order of their entries: OCI image-spec, layer.md, "Applying Changesets", and
 * where that is silent, as umoci does. Results that depend on layers not read yet are marked as uncertain.
 *
 * @param scans bottom first; index 0 is layer number `lowest` of the image
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export function applyLayers(scans: readonly LayerScan[], lowest: number, filter: ScanFilter, budget: Budget): Applied {
  const layers = scans.map(({ operations }) => operations);
  const isLookedUp = findNamesLookedUp(layers, filter);
  const root = directory({ isTransparent: lowest > 0 });
  const uncertainty: Uncertainty = { names: new Set(), hasRemoval: false, uncovered: new Set() };
  for (const [index, layer] of layers.entries()) {
    const context = {
      root,
      uncertainty,
      budget,
      filter,
      layer: lowest + index,
      touched: hasRemovals(layer) ? new Set<string>() : undefined,
      cleared: new WeakSet<Directory>(),
    };
    for (const operation of filterOperations(layer, isLookedUp)) applyOperation(operation, context);
  }
  return { root, uncertainty };
}

interface Context extends Applied {
  readonly budget: Budget;
  readonly filter: ScanFilter;
  readonly layer: number;
  /** Paths that this layer has written, and their parents: its whiteouts do not apply to them. Unset without whiteouts. */
  readonly touched: Set<string> | undefined;
  /** Directories whose entries of lower layers this layer has removed already. */
  readonly cleared: WeakSet<Directory>;
}

function applyOperation(operation: Operation, context: Context): void {
  const components = operation.path === '' ? [] : operation.path.split('/');
  const isRemoval = operation.kind === 'whiteout' || operation.kind === 'opaque';
  // These two apply to the directory itself; the others, to a name in it.
  const isForDirectory = operation.kind === 'opaque' || operation.kind === 'parents';
  const name = isForDirectory ? undefined : components.pop();
  const { root, uncertainty, budget } = context;
  const place = findParent(root, components, { mayCreate: !isRemoval, uncertainty, budget });
  noteUncertainty(place, operation.kind, name, uncertainty);
  if (isRemoval) noteUncoveredLinks(place, context);
  if (!place.directory) return;
  if (operation.kind === 'opaque') clear(place.directory, place.path, context);
  else if (operation.kind === 'whiteout') hide(place.directory, name ?? '', place.path, context);
  else {
    if (name !== undefined) place.directory.children.set(name, nodeFor(operation, place.directory, name, context));
    if (context.touched) touch(name === undefined ? place.path : [...place.path, name], context.touched);
  }
}

/** Records names that may be in another directory than it seems. */
function noteUncertainty(
  place: Place,
  kind: Operation['kind'],
  name: string | undefined,
  uncertainty: Uncertainty,
): void {
  if (!place.isUncertain) return;
  for (const each of place.metUncertain) uncertainty.names.add(each);
  if (name !== undefined) uncertainty.names.add(name);
  if (kind === 'opaque') uncertainty.hasRemoval = true;
}

/** Records links that a file may have replaced that was not scanned for: then nothing is removed through them. */
function noteUncoveredLinks({ links }: Place, { uncertainty, filter }: Context): void {
  const uncovered = links.filter((name) => !filter.covers(name));
  for (const each of uncovered) uncertainty.uncovered.add(each);
  if (uncovered.length > 0) uncertainty.hasRemoval = true;
}

/** Returns the node of a name after an entry is written there. */
function nodeFor(operation: Operation, parent: Directory, name: string, context: Context): Node {
  switch (operation.kind) {
    case 'directory': {
      const present = childOf(parent, name);
      if (present?.kind !== 'directory') return directory({ isTransparent: present === undefined });
      present.isAssumed = false;
      return present;
    }
    case 'file':
      return { kind: 'file', layer: context.layer, position: operation.position, size: operation.size };
    case 'symbolic link':
      return { kind: 'symbolic link', target: operation.target };
    case 'hard link':
      // The old entry is removed before the link is created.
      parent.children.set(name, ABSENT);
      return targetNode(operation.target, context);
    default:
      return { kind: 'other' };
  }
}

/** Returns the node that a hard link points to when it is created: a later replacement does not change it. */
function targetNode(target: string, { root, uncertainty, budget, filter }: Context): Node {
  const components = cleanPath(target);
  const name = components.pop();
  if (name === undefined) return { kind: 'other' };
  const place = findParent(root, components, { mayCreate: false, uncertainty, budget });
  const names = [...place.met, name];
  const uncovered = names.filter((each) => !filter.covers(each));
  if (uncovered.length > 0) return { kind: 'unknown', names: uncovered };
  const node = place.directory ? childOf(place.directory, name) : ABSENT;
  if (place.isUncertain || uncertainty.names.has(name) || !node) return { kind: 'unknown', names: [] };
  if (node.kind === 'absent') return { kind: 'dangling', target };
  return node.kind === 'directory' ? { kind: 'other' } : node;
}

/** Removes what lower layers have under a name. */
function hide(parent: Directory, name: string, path: readonly string[], context: Context): void {
  const own = [...path, name];
  const node = parent.children.get(name);
  if (context.touched?.has(own.join('/'))) {
    if (node?.kind === 'directory') clear(node, own, context);
  } else if (parent.isTransparent) parent.children.set(name, ABSENT);
  else parent.children.delete(name);
}

/** Removes what lower layers have in a directory, recursively. */
function clear(top: Directory, path: readonly string[], { touched, cleared, budget }: Context): void {
  const todo = [{ directory: top, path: path.join('/') }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if (cleared.has(next.directory)) continue;
    cleared.add(next.directory);
    next.directory.isTransparent = false;
    for (const [name, node] of next.directory.children) {
      budget.steps--;
      const own = next.path === '' ? name : `${next.path}/${name}`;
      if (!touched?.has(own)) next.directory.children.delete(name);
      else if (node.kind === 'directory') todo.push({ directory: node, path: own });
    }
  }
}

/** Marks a path and its parents as written by this layer. */
function touch(path: readonly string[], touched: Set<string>): void {
  for (let length = path.length; length > 0; length--) {
    const each = path.slice(0, length).join('/');
    if (touched.has(each)) return;
    touched.add(each);
  }
}
