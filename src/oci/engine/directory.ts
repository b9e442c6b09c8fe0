import { streamProgram } from '../../programs/index.ts';
import { LIMITS } from '../limits.ts';
import { cleanPath, fromByteName } from '../tar/paths.ts';
import { type TakeContent, type TarEntry, TarReader } from '../tar/reader.ts';
import type { Container, ContainerEntry } from './container.ts';

/** The most bytes of a directory that are read at once: what has more is looked up path by path. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Reads a directory of a container with all that is below it, so that lookups in it need not run the engine's program. A
 * directory that is missing, too large, or a link is left for those lookups.
 *
 * @param keeps the names of files whose content is kept; of others, only the size is
 */
export async function readDirectory(
  { engine, name, signal, entries, whole }: Container,
  directory: string,
  keeps: ReadonlySet<string>,
): Promise<void> {
  const seen = new Map<string, ContainerEntry | undefined>();
  const hardLinks: string[] = [];
  let isDirectory = false;
  let left = MAX_BYTES;
  const tar = new TarReader((entry) => {
    const [top, ...below] = cleanPath(entry.name);
    if (top === undefined) return undefined;
    if (below.length === 0) isDirectory = entry.kind === 'directory';
    const path = [directory, ...below].map(fromByteName).join('/');
    // What a hard link has is read where it is needed.
    if (entry.kind === 'hard link') hardLinks.push(path);
    const { found, take } = entryOf(entry, keeps.has(below.at(-1) ?? ''));
    seen.set(path, found);
    return take;
  });
  const take = (chunk: Buffer) => {
    left -= chunk.length;
    tar.write(chunk);
    return left < 0 ? 'enough' : 'more';
  };
  const { exitCode, isCut } = await streamProgram(engine.program, ['cp', `${name}:${directory}`, '-'], take, {
    signal,
  });
  if (isCut || exitCode !== 0 || !isDirectory) return;
  for (const path of hardLinks) seen.delete(path);
  for (const [path, found] of seen) entries.set(path, found);
  whole.set(directory, new Set(hardLinks));
}

function entryOf(
  { kind, size, linkName }: TarEntry,
  isKept: boolean,
): { found: ContainerEntry | undefined; take?: TakeContent } {
  if (kind === 'symbolic link') return { found: { kind, target: fromByteName(linkName) } };
  if (kind === 'directory') return { found: { kind } };
  if (kind !== 'file') return { found: kind === 'hard link' ? undefined : { kind: 'other' } };
  if (!isKept || size > LIMITS.fileBytes) return { found: { kind, size } };
  const bytes = Buffer.alloc(size);
  let filled = 0;
  const take = (chunk: Buffer) => {
    filled += chunk.copy(bytes, filled);
  };
  return { found: { kind, size, bytes }, take };
}
