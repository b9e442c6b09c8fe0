import { badImage } from '../bad-image.ts';
import type { Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { baseName, cleanName, cleanPath, fromByteName, isWithin, parentOf } from '../tar/paths.ts';
import type { TakeContent, TarEntry, TarKind } from '../tar/reader.ts';
import type { ScanFilter } from './filter.ts';
import { findTexts } from './find-texts.ts';
import { NameOrder } from './name-order.ts';
import { formatOperation, type Operation } from './operations.ts';
import { readLayer } from './read-layer.ts';
import { layerName } from './readable-layer.ts';

/** What a layer does, as far as it can matter. */
export interface LayerScan {
  /** Its operations in the order of the archive, for `operationsIn`. */
  readonly operations: string;
  /** Contents of files that may be the one to read, by position. */
  readonly contents: ReadonlyMap<number, Buffer>;
  /** Texts found in files that the filter asks for, by position. */
  readonly texts: ReadonlyMap<number, ReadonlySet<string>>;
  /**
   * Set if only the beginning of the layer was read: it is not verified, and paths after this one, in the order of its
   * names, are unknown.
   */
  readonly until?: readonly string[];
}

/** How a layer is scanned. */
export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Called with the number of bytes of the layer as they come. */
  readonly onBytes?: (bytes: number) => void;
  /** Called for a file whose content is likely to be the one to read. */
  readonly onContent?: () => void;
  /** Stops reading once the names, in order, are past this path. Only for layers that are known to be in order. */
  readonly stopAfter?: readonly string[];
  /** Whether scanning may block this thread. */
  readonly mayBlock?: boolean;
}

/** The bytes of contents that may still be kept, for all layers of an image together. */
export interface Allowance {
  bytes: number;
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Reads a layer and returns what it does. @throws UserError as `readLayer` */
export async function scanLayer(
  layer: Layer,
  filter: ScanFilter,
  allowance: Allowance,
  { signal, onBytes, onContent, stopAfter, mayBlock = false }: ScanOptions,
): Promise<LayerScan> {
  const operations: string[] = [];
  const contents = new Map<number, Buffer>();
  const texts = new Map<number, Set<string>>();
  const positions = new Map<string, number>();
  /** The last directory: operations for it and its parents are recorded. */
  let lastDirectory = '';
  const order = stopAfter && new NameOrder(stopAfter);
  let kept = 0;

  function addOperation(operation: Operation): void {
    kept += operation.path.length + ('target' in operation ? operation.target.length : 0) + 16;
    if (kept > LIMITS.keptNames) throw badImage(`${layerName(layer)} has too many names`);
    operations.push(formatOperation(operation));
  }

  /** Keeps the content of a file; it replaces that of an earlier entry with the same name. */
  function keepContent(path: string, position: number, size: number): TakeContent | undefined {
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

  function searchContent(name: string, position: number): TakeContent | undefined {
    const pattern = filter.textIn(name);
    if (pattern === undefined) return undefined;
    const found = new Set<string>();
    texts.set(position, found);
    return findTexts(pattern, found);
  }

  function onEntry(entry: TarEntry, position: number): TakeContent | 'stop' | undefined {
    const { kind, size } = entry;
    for (const each of [entry.name, entry.linkName]) {
      if (each.length > LIMITS.nameBytes)
        throw badImage(`${layerName(layer)} has a name of ${each.length} characters; the limit is ${LIMITS.nameBytes}`);
      if (each.includes('\0')) throw badImage(`${layerName(layer)} has a name with a NUL in it`);
    }
    if (order?.isPast(cleanPath(entry.name), kind === 'directory')) return 'stop';
    const path = cleanName(entry.name);
    const name = baseName(path);
    if (name.startsWith(WHITEOUT)) {
      addOperation(whiteout(path, layer));
      return undefined;
    }
    if (path === '' && kind !== 'directory')
      throw badImage(`${layerName(layer)} replaces the root directory with a ${kind}`);
    if (kind === 'directory') lastDirectory = path;
    else if (isWithin(lastDirectory, path)) lastDirectory = '';
    if ((kind === 'file' || kind === 'other') && !filter.includesFile(name)) {
      const parent = parentOf(path);
      if (!isWithin(lastDirectory, parent)) {
        addOperation({ kind: 'parents', path: parent });
        lastDirectory = parent;
      }
      return undefined;
    }
    addOperation(operationOf(entry, path, position));
    if (kind !== 'file') return undefined;
    return filter.wantsContent(path) ? keepContent(path, position, size) : searchContent(name, position);
  }

  const isWhole = await readLayer(layer, onEntry, {
    signal,
    ...(onBytes && { onBytes }),
    mayStop: order !== undefined,
    mayBlock,
  });
  return { operations: operations.join(''), contents, texts, ...(!isWhole && stopAfter && { until: stopAfter }) };
}

/** Reads the content of the entry at one position of a layer. @throws UserError as `readLayer` */
export async function readLayerContent(
  layer: Layer,
  position: number,
  size: number,
  signal: AbortSignal,
): Promise<Buffer> {
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

/** Parses a whiteout (OCI image-spec, layer.md, "Whiteouts"). Its name counts, whatever the type of the entry. */
function whiteout(path: string, layer: Layer): Operation {
  const parent = parentOf(path);
  const name = baseName(path);
  if (name === OPAQUE) return { kind: 'opaque', path: parent };
  const removed = name.slice(WHITEOUT.length);
  if (removed === '' || removed === '.' || removed === '..') {
    throw badImage(`${layerName(layer)} has a whiteout without a name: ${fromByteName(path)}`);
  }
  return { kind: 'whiteout', path: parent ? `${parent}/${removed}` : removed };
}
