import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Image, ImageFile, Layer } from '../image.ts';
import { CacheFolder } from './cache-folder.ts';
import type { ScanFilter } from './filter.ts';
import type { LayerScan } from './scan.ts';
import type { ScansOptions } from './scans.ts';

/** The version of the cached data: increase it whenever that, or its meaning, changes. */
const FORMAT = 5;

/**
 * Caches scans of verified layers by their digests, and the files found in images, so that the layers of an image that has
 * not changed are not applied again.
 */
export class LayerCache {
  readonly #folder: CacheFolder;

  constructor(folder: string) {
    this.#folder = new CacheFolder(folder);
  }

  /** Returns the options that let `LayerScans` use the cache for a filter. */
  forScans(filter: ScanFilter): Pick<ScansOptions, 'loadScan' | 'saveScan'> {
    const fileName = (layer: Layer) =>
      `layer-${fileNameOf(layer.digest)}-${cacheKeyOf(layer.digestIsOf, filter.toString())}`;
    return {
      loadScan: async (layer) => {
        const bytes = await this.#folder.read(fileName(layer));
        return bytes && parseScan(bytes);
      },
      saveScan: (layer, scan) => this.#folder.write(fileName(layer), formatScan(scan)),
    };
  }

  /**
   * Loads the files that were found in an image, all of them verified.
   * @param query identifies what was looked for, as in `saveFiles`
   */
  async loadFiles(image: Image, query: string): Promise<readonly ImageFile[] | undefined> {
    const bytes = await this.#folder.read(filesName(image, query));
    const kept = bytes && readCached(cachedFiles, bytes);
    return kept?.map((file) => ({ ...file, bytes: Buffer.from(file.bytes, 'latin1') }));
  }

  /** Saves the files that were found in an image, unless a layer was not verified. */
  async saveFiles(image: Image, query: string, files: readonly ImageFile[]): Promise<void> {
    if (files.some(({ unverifiedLayers }) => unverifiedLayers.length > 0)) return;
    const kept = files.map((file) => ({ ...file, bytes: file.bytes.toString('latin1') }));
    await this.#folder.write(filesName(image, query), JSON.stringify(kept));
  }

  /** Loads a manifest by its digest. It is not verified: the caller has to. */
  loadManifest(digest: string): Promise<Buffer | undefined> {
    return this.#folder.read(`manifest-${fileNameOf(digest)}`);
  }

  /** Saves a manifest, unless it is cached. */
  async saveManifest(digest: string, bytes: Buffer): Promise<void> {
    // The usual case: the image has not changed.
    if (await this.loadManifest(digest)) return;
    await this.#folder.write(`manifest-${fileNameOf(digest)}`, bytes);
  }
}

/** The files of an image depend only on its layers. */
function filesName({ layers }: Image, query: string): string {
  return `files-${cacheKeyOf(...layers.flatMap(({ digest, digestIsOf }) => [digest, digestIsOf]), query)}`;
}

/** Returns a cache key for everything that the content depends on. */
function cacheKeyOf(...parts: readonly (string | undefined)[]): string {
  return sha256(JSON.stringify([FORMAT, ...parts])).slice(0, 32);
}

function fileNameOf(digest: string): string {
  return digest.replace(':', '-');
}

const cachedFiles = v.array(
  v.object({
    path: v.string(),
    resolvedPath: v.string(),
    bytes: v.string(),
    layer: v.exactOptional(v.string()),
    verifiedLayers: v.array(v.string()),
    unverifiedLayers: v.array(v.string()),
  }),
);
const cachedScan = v.object({ operations: v.string(), contents: v.array(v.tuple([v.number(), v.string()])) });

/** Reads a cached document. One of another shape counts as missing: it is replaced. */
function readCached<const Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Buffer,
): v.InferOutput<Schema> | undefined {
  try {
    return readJson(schema, bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function formatScan({ operations, contents }: LayerScan): string {
  const kept = [...contents].map(([position, bytes]) => [position, bytes.toString('base64')]);
  return JSON.stringify({ operations, contents: kept });
}

/** Parses a cached scan. @returns `undefined` if it is damaged */
export function parseScan(bytes: Buffer): LayerScan | undefined {
  const kept = readCached(cachedScan, bytes);
  if (!kept) return undefined;
  const { operations, contents } = kept;
  return {
    operations,
    contents: new Map(contents.map(([position, base64]) => [position, Buffer.from(base64, 'base64')])),
  };
}
