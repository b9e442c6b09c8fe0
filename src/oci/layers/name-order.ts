const WHITEOUT = '.wh.';

/**
 * Watches over the order of a layer's names. BuildKit and containerd write them as they walk the tree: siblings by their
 * bytes, a whiteout where the name it removes would be (continuity, fs/diff.go). As long as that has held, a name past
 * some path means that nothing more will come of that path or of the directories above it.
 */
export class NameOrder {
  readonly #target: readonly Buffer[];
  #last: readonly Buffer[] = [];
  #isSorted = true;

  /** @param target components of the path */
  constructor(target: readonly string[]) {
    this.#target = target.map((component) => Buffer.from(component));
  }

  /** Whether the names so far were in order, and this one, by its components, is past the path. */
  isPast(components: readonly string[]): boolean {
    if (!this.#isSorted) return false;
    const own = components.map(realName);
    // The opaque marker of a directory stands for the directory, which comes just before it.
    if (compare(own, this.#last) < 0) this.#isSorted = false;
    this.#last = own;
    return this.#isSorted && compare(own, this.#target) > 0 && !isWithin(own, this.#target);
  }
}

/** Order of a walk: a directory before what is in it, siblings by their bytes. */
export function compareNames(one: readonly string[], other: readonly string[]): number {
  return compare(
    one.map((component) => Buffer.from(component)),
    other.map((component) => Buffer.from(component)),
  );
}

function realName(component: string): Buffer {
  return Buffer.from(component.startsWith(WHITEOUT) ? component.slice(WHITEOUT.length) : component);
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
