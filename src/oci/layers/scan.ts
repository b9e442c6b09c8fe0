import { badImage } from '../bad-image.ts';
import type { Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { baseName, cleanName, cleanPath, isWithin, parentOf } from '../tar/paths.ts';
import type { TakeContent, TarEntry, TarKind } from '../tar/reader.ts';
import type { ScanFilter } from './filter.ts';
import { NameOrder } from './name-order.ts';
import { formatOperation, type Operation } from './operations.ts';
import { readLayer } from './read-layer.ts';
import { nameOf } from './readable-layer.ts';

/** What a layer says, as far as it can matter. */
export interface LayerScan {
  /** What it does, in the order of the archive: for `operationsIn`. */
  readonly operations: string;
  /** Contents of files that may turn out to be wanted, by position. */
  readonly contents: ReadonlyMap<number, Buffer>;
  /**
   * Only the beginning of the layer was read, and nothing verified: what it says about paths after this one, in the
   * order of its names, is unknown.
   */
  readonly until?: readonly string[];
}

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Told of the bytes of the layer as they come. */
  readonly onBytes?: (bytes: number) => void;
  /** Told when a file is met whose content is likely to be the one wanted. */
  readonly onContent?: () => void;
  /** Stops reading once names have come, in order, past this path: it has to be known that the layer is written so. */
  readonly stopAfter?: readonly string[];
  /** Whether this thread has nothing else to do. */
  readonly mayBlock?: boolean;
}

/** How many bytes of contents may still be kept; shared by all layers of an image. */
export interface Allowance {
  bytes: number;
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Reads a layer and notes what it does. @throws UserError as `readLayer` */
export async function scanLayer(
  layer: Layer,
  filter: ScanFilter,
  allowance: Allowance,
  { signal, onBytes, onContent, stopAfter, mayBlock = false }: ScanOptions,
): Promise<LayerScan> {
  const operations: string[] = [];
  const contents = new Map<number, Buffer>();
  const positions = new Map<string, number>();
  /** The last directory: it and those above it are known to be there. */
  let trail = '';
  const order = stopAfter && new NameOrder(stopAfter);
  let kept = 0;

  function note(operation: Operation): void {
    kept += operation.path.length + ('target' in operation ? operation.target.length : 0) + 16;
    if (kept > LIMITS.keptNames) throw badImage(`${nameOf(layer)} has too many entries`);
    operations.push(formatOperation(operation));
  }

  /** Keeps the content of a file, in place of an earlier one of the same name. */
  function keep(path: string, position: number, size: number): TakeContent | undefined {
    const earlier = positions.get(path);
    if (earlier !== undefined) {
      allowance.bytes += contents.get(earlier)?.length ?? 0;
      contents.delete(earlier);
    }
    if (size > LIMITS.fileBytes || size > allowance.bytes) return undefined;
    allowance.bytes -= size;
    positions.set(path, position);
    const { content, take } = collect(size);
    contents.set(position, content);
    onContent?.();
    return take;
  }

  function onEntry(entry: TarEntry, position: number): TakeContent | 'stop' | undefined {
    const { kind, size } = entry;
    for (const each of [entry.name, entry.linkName]) {
      if (each.length > LIMITS.nameBytes) throw badImage(`${nameOf(layer)} holds a name of ${each.length} characters`);
      if (each.includes('\0')) throw badImage(`${nameOf(layer)} holds a name with a NUL in it`);
    }
    if (order?.isPast(cleanPath(entry.name))) return 'stop';
    const path = cleanName(entry.name);
    const name = baseName(path);
    if (name.startsWith(WHITEOUT)) {
      note(whiteout(path, layer));
      return undefined;
    }
    if (path === '' && kind !== 'directory') throw badImage(`${nameOf(layer)} turns the root directory into a ${kind}`);
    if (kind === 'directory') trail = path;
    else if (isWithin(trail, path)) trail = '';
    if ((kind === 'file' || kind === 'other') && !filter.includesFile(name)) {
      const parent = parentOf(path);
      if (!isWithin(trail, parent)) {
        note({ kind: 'parents', path: parent });
        trail = parent;
      }
      return undefined;
    }
    note(operationOf(entry, path, position));
    return kind === 'file' && filter.wantsContent(path) ? keep(path, position, size) : undefined;
  }

  const isWhole = await readLayer(layer, onEntry, {
    signal,
    ...(onBytes && { onBytes }),
    mayStop: order !== undefined,
    mayBlock,
  });
  return { operations: operations.join(''), contents, ...(!isWhole && stopAfter && { until: stopAfter }) };
}

/** Reads the content of the entry at one position of a layer. @throws UserError as `readLayer` */
export async function readContent(layer: Layer, position: number, size: number, signal: AbortSignal): Promise<Buffer> {
  const { content, take } = collect(size);
  await readLayer(layer, (_entry, at) => (at === position ? take : undefined), { signal });
  return content;
}

function collect(size: number): { content: Buffer; take: TakeContent } {
  const content = Buffer.alloc(size);
  let filled = 0;
  const take = (chunk: Buffer) => {
    filled += chunk.copy(content, filled);
  };
  return { content, take };
}

function operationOf({ kind, linkName, size }: TarEntry, path: string, position: number): Operation {
  if (kind === 'file') return { kind, path, position, size };
  if (kind === 'symbolic link' || kind === 'hard link') return { kind, path, target: linkName };
  return { kind: kind satisfies Exclude<TarKind, 'file'>, path };
}

/** OCI image-spec, layer.md, "Whiteouts". Whatever kind of entry it is, its name counts. */
function whiteout(path: string, layer: Layer): Operation {
  const parent = parentOf(path);
  const name = baseName(path);
  if (name === OPAQUE) return { kind: 'opaque', path: parent };
  const removed = name.slice(WHITEOUT.length);
  if (removed === '' || removed === '.' || removed === '..') {
    throw badImage(`${nameOf(layer)} holds a whiteout of nothing: ${path}`);
  }
  return { kind: 'whiteout', path: parent ? `${parent}/${removed}` : removed };
}
