import type { Interest } from './interest.ts';
import { type Operation, operationsIn } from './operations.ts';

/**
 * All names that are ever looked up while layers are put together and paths followed: those asked about, and what is in
 * the paths and targets of everything but plain directories, which cannot lead anywhere else than their name says.
 *
 * @param layers what each of them does, for `operationsIn`
 */
export function namesLookedUp(layers: readonly string[], interest: Interest): (name: string) => boolean {
  const names = new Set<string>();
  for (const layer of layers) {
    for (const operation of operationsIn(layer)) {
      if (operation.kind === 'directory') continue;
      for (const name of operation.path.split('/')) names.add(name);
      if ('target' in operation) for (const name of operation.target.split('/')) names.add(name);
    }
  }
  return (name) => names.has(name) || interest.covers(name);
}

/**
 * What a layer does, without the directories that change nothing for anybody: most of them. One is left out if its name is
 * never looked up, if it is beyond doubt where it is, and nothing that counts is in it.
 */
export function* relevantOperations(layer: string, isLookedUp: (name: string) => boolean): Generator<Operation> {
  /** Paths at which this layer has made directories, their parents too: no link leads from there to somewhere else. */
  const own = new Set(['']);
  const leftOut = new Set<string>();
  for (const operation of operationsIn(layer)) {
    const { kind, path } = operation;
    if (kind === 'directory') {
      if (own.has(parentOf(path))) {
        own.add(path);
        if (!isLookedUp(path.slice(path.lastIndexOf('/') + 1))) {
          leftOut.add(path);
          continue;
        }
      }
    } else if (isInTheWay(operation, own)) {
      own.clear();
      own.add('');
      leftOut.clear();
    }
    yield* neededFor(path, leftOut);
    yield operation;
  }
}

/** Whether what has been a directory so far may be none after this, or may be removed. */
function isInTheWay({ kind, path }: Operation, own: ReadonlySet<string>): boolean {
  if (kind === 'parents' || kind === 'opaque') return false;
  return own.has(path) || !own.has(parentOf(path));
}

/** Directories above a path that were left out, and are not any longer. */
function neededFor(path: string, leftOut: Set<string>): readonly Operation[] {
  const needed: Operation[] = [];
  for (let above = parentOf(path); leftOut.delete(above); above = parentOf(above)) {
    needed.unshift({ kind: 'directory', path: above });
  }
  return needed;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
