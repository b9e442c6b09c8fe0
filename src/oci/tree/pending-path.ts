import { operationsIn } from '../layers/operations.ts';
import { baseName } from '../tar/paths.ts';

/** Names on the way of a path: those that lead on, whatever lower layers say, and from the first that does not. */
export interface PendingPath {
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Whether a layer can tell what is at a path that the layers above it leave open: it has one of the unknown names in a
 * path or in what a link leads to, or it takes away, under one of the known names, what still lower layers have there.
 *
 * @param layer what it does, for `operationsIn`
 */
export function canSettle(layer: string, { known, unknown }: PendingPath): boolean {
  const [names, others] = [new Set(unknown), new Set(known)];
  const hasUnknown = (path: string) => path.split('/').some((name) => names.has(name));
  for (const operation of operationsIn(layer)) {
    const { kind, path } = operation;
    if (kind === 'opaque' || hasUnknown(path) || ('target' in operation && hasUnknown(operation.target))) return true;
    const isDirectory = kind === 'directory' || kind === 'parents';
    if (!isDirectory && others.has(baseName(path))) return true;
  }
  return false;
}
