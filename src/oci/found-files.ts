import { badImage } from './bad-image.ts';
import type { ImageFile, Layer } from './image.ts';
import { readLayerContent } from './layers/scan.ts';
import type { LayerScans } from './layers/scans.ts';
import { LIMITS } from './limits.ts';
import type { ReadOptions } from './readable-image.ts';
import { fromByteName } from './tar/paths.ts';
import type { Outcome } from './tree/resolve-path.ts';

/** A path, one character per byte, and the file that it leads to. */
export interface FoundAt {
  readonly path: string;
  readonly outcome: Outcome & { readonly kind: 'file' };
}

interface Source extends Pick<ReadOptions, 'signal' | 'report'> {
  /** All of the image, bottom first. */
  readonly layers: readonly Layer[];
  readonly scans: LayerScans;
}

/**
 * Reads the contents of files that were found.
 * @param needed the layers that were needed to find them
 * @throws UserError `SPACECTL_BAD_IMAGE` for a file that is too large; as `readLayerContent`
 */
export async function readFoundFiles(
  found: readonly FoundAt[],
  needed: readonly Layer[],
  source: Source,
): Promise<readonly ImageFile[]> {
  const { layers, scans } = source;
  const isWhole = (layer: Layer) => scans.scanOf(layer)?.until === undefined;
  const digests = (some: readonly Layer[]) => [...new Set(some.map(({ digest }) => digest).reverse())];
  const verifiedLayers = digests(needed.filter(isWhole));
  const unverifiedLayers = digests(needed.filter((layer) => !isWhole(layer)));
  const all: ImageFile[] = [];
  for (const { path, outcome } of found) {
    const layer = layers[outcome.layer] as Layer;
    const [given, resolvedPath] = [path, outcome.resolvedPath].map(fromByteName) as [string, string];
    const bytes = await readContent(layer, outcome, source);
    all.push({ path: given, resolvedPath, bytes, layer: layer.digest, verifiedLayers, unverifiedLayers });
  }
  return all;
}

async function readContent(
  layer: Layer,
  { position, size }: FoundAt['outcome'],
  { scans, signal, report }: Source,
): Promise<Buffer> {
  if (size > LIMITS.fileBytes) {
    throw badImage(`The trust store has ${size} bytes; the limit is ${LIMITS.fileBytes}`);
  }
  const kept = scans.scanOf(layer)?.contents.get(position);
  if (kept) return kept;
  report?.(`Reading layer ${layer.digest.slice(7, 19)} again`);
  return readLayerContent(layer, position, size, signal);
}
