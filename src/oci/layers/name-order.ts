import { cleanPath } from '../tar/paths.ts';

const WHITEOUT = '.wh.';

/**
 * Checks the order of a layer's names. BuildKit and containerd write them as they walk the tree: siblings by their bytes, a
 * whiteout where the name that it removes would be (continuity, fs/diff.go), and every directory before what is in it
 * (containerd@301026e, pkg/archive/tar.go, includeParents). As long as the names are in that order, a name past a path means
 * that the layer has no more entries for that path and its parents; also none through a link, in place of which the layer
 * has directories.
 */
export class NameOrder {
  readonly #target: readonly Buffer[];
  #last: readonly Buffer[] = [];
  /** The last directory: it and those above it are entries of the layer. */
  #directory: readonly Buffer[] = [];
  #isSorted = true;

  /** @param target components of the path */
  constructor(target: readonly string[]) {
    this.#target = target.map((component) => Buffer.from(component, 'latin1'));
  }

  /** Adds the components of a name. Returns whether all names are in order and this one is past the path. */
  isPast(components: readonly string[], isDirectory: boolean): boolean {
    if (!this.#isSorted) return false;
    const own = components.map(realName);
    // The opaque marker counts as its directory, which comes just before it.
    if (compare(own, this.#last) < 0 || !isWithin(this.#directory, own.slice(0, -1))) this.#isSorted = false;
    this.#last = own;
    if (isDirectory) this.#directory = own;
    return this.#isSorted && compare(own, this.#target) > 0 && !isWithin(own, this.#target);
  }
}

/** Compares names in the order of a walk: a directory before its content, siblings by their bytes. */
export function compareNames(one: readonly string[], other: readonly string[]): number {
  return compare(
    one.map((component) => Buffer.from(component, 'latin1')),
    other.map((component) => Buffer.from(component, 'latin1')),
  );
}

/** Returns the path that comes last in the order of a layer. */
export function lastInOrder(paths: readonly string[]): readonly string[] {
  return paths.map(cleanPath).sort(compareNames).at(-1) ?? [];
}

function realName(component: string): Buffer {
  return Buffer.from(component.startsWith(WHITEOUT) ? component.slice(WHITEOUT.length) : component, 'latin1');
}

function compare(one: readonly Buffer[], other: readonly Buffer[]): number {
  for (const [index, component] of one.entries()) {
    const counterpart = other[index];
    if (!counterpart) return 1;
    const order = Buffer.compare(component, counterpart);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function isWithin(path: readonly Buffer[], directory: readonly Buffer[]): boolean {
  return directory.every((component, index) => path[index]?.equals(component));
}
