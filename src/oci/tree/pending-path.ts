import { operationsIn } from '../layers/operations.ts';
import { baseName } from '../tar/paths.ts';

/** The names of a path: those resolved whatever lower layers hold, and the rest, which lower layers decide. */
export interface PendingPath {
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Reports whether a layer can decide what is at a path that the layers above it leave open: it has one of the unknown names
 * in a path or in a link's target, or it removes what lower layers have under one of the known names.
 *
 * @param layer its operations, for `operationsIn`
 */
export function canDecide(layer: string, { known, unknown }: PendingPath): boolean {
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
