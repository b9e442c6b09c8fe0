import { UserError } from '../../core/errors.ts';
import type { Examination, FoundFile, PathTarget, Questions } from '../examination.ts';
import type { ScanFilter } from '../layers/filter.ts';
import { fromByteName, toByteName } from '../tar/paths.ts';
import type { Applied } from './apply.ts';
import { type Outcome, resolvePath } from './resolve-path.ts';
import type { Directory } from './tree.ts';

/** The most files that are found by name: an image that is made to have more is not worth more. */
const MAX_FILES = 1000;

/**
 * Answers questions about an image, as far as the layers applied allow.
 * @param textsOf the texts found in a file, by its layer and its position there
 * @param isComplete whether all layers are applied
 */
export function examineTree(
  applied: Applied,
  { paths }: Questions,
  filter: ScanFilter,
  textsOf: (layer: number, position: number) => ReadonlySet<string> | undefined,
  isComplete: boolean,
): Examination {
  const files = findFiles(applied, filter, textsOf);
  const named = files.flatMap(({ texts }) => texts).filter((text) => text.startsWith('/'));
  const targets = [...new Set([...paths, ...named])].map((path) => [path, lookUp(applied, path, filter)] as const);
  return { paths: Object.fromEntries(targets), files, isComplete };
}

function lookUp(applied: Applied, path: string, filter: ScanFilter): PathTarget {
  try {
    return targetOf(resolvePath(applied, toByteName(path), filter));
  } catch (error) {
    // A hard link to nothing, which an image must not have.
    if (error instanceof UserError) return { kind: 'unknown' };
    throw error;
  }
}

/** Returns where a path leads, by what it was resolved to. */
export function targetOf(outcome: Outcome): PathTarget {
  if (outcome.kind === 'file') {
    return { kind: 'file', resolvedPath: fromByteName(outcome.resolvedPath), size: outcome.size };
  }
  if (outcome.kind !== 'absent') return { kind: 'unknown' };
  if (outcome.directory === undefined) return { kind: 'absent' };
  return { kind: 'directory', resolvedPath: fromByteName(outcome.directory) };
}

/** Finds the files that the filter asks for. What unread layers may have removed, or put elsewhere, is left out. */
function findFiles(
  { root, uncertainty }: Applied,
  filter: ScanFilter,
  textsOf: (layer: number, position: number) => ReadonlySet<string> | undefined,
): readonly FoundFile[] {
  const found: FoundFile[] = [];
  if (uncertainty.hasRemoval) return found;
  const todo: { path: string; directory: Directory }[] = [{ path: '', directory: root }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    for (const [name, node] of next.directory.children) {
      if (uncertainty.names.has(name)) continue;
      const path = `${next.path}/${name}`;
      if (node.kind === 'directory') todo.push({ path, directory: node });
      else if (node.kind === 'file' && filter.asksFor(name) && found.length < MAX_FILES)
        found.push({ path: fromByteName(path), texts: [...(textsOf(node.layer, node.position) ?? [])] });
    }
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}
