import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Examined, Image, Layer } from '../image.ts';
import { CacheFolder } from './cache-folder.ts';
import type { ScanFilter } from './filter.ts';
import type { LayerScan } from './scan.ts';
import type { ScansOptions } from './scans.ts';

/** The version of the cached data: increase it whenever that, or its meaning, changes. */
const FORMAT = 6;

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
   * Loads what was found in an image, all of it in verified layers.
   * @param query identifies what was looked for, as in `saveExamined`
   */
  async loadExamined(image: Image, query: string): Promise<Examined | undefined> {
    const bytes = await this.#folder.read(examinedName(image, query));
    const kept = bytes && readCached(cachedExamined, bytes);
    return (
      kept && { ...kept, files: kept.files.map((file) => ({ ...file, bytes: Buffer.from(file.bytes, 'latin1') })) }
    );
  }

  /** Saves what was found in an image, unless a layer was not verified. */
  async saveExamined(image: Image, query: string, { files, examination }: Examined): Promise<void> {
    if (files.some(({ unverifiedLayers }) => unverifiedLayers.length > 0)) return;
    const kept = files.map((file) => ({ ...file, bytes: file.bytes.toString('latin1') }));
    await this.#folder.write(examinedName(image, query), JSON.stringify({ files: kept, examination }));
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

/** What is in an image depends only on its layers. */
function examinedName({ layers }: Image, query: string): string {
  return `examined-${cacheKeyOf(...layers.flatMap(({ digest, digestIsOf }) => [digest, digestIsOf]), query)}`;
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
const cachedTarget = v.variant('kind', [
  v.object({ kind: v.literal('file'), resolvedPath: v.string(), size: v.number() }),
  v.object({ kind: v.literal('directory'), resolvedPath: v.string() }),
  v.object({ kind: v.picklist(['absent', 'unknown']) }),
]);
const cachedExamined = v.object({
  files: cachedFiles,
  examination: v.object({
    paths: v.record(v.string(), cachedTarget),
    files: v.array(v.object({ path: v.string(), texts: v.array(v.string()) })),
    isComplete: v.boolean(),
  }),
});
const cachedScan = v.object({
  operations: v.string(),
  contents: v.array(v.tuple([v.number(), v.string()])),
  texts: v.array(v.tuple([v.number(), v.array(v.string())])),
});

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

function formatScan({ operations, contents, texts }: LayerScan): string {
  const kept = [...contents].map(([position, bytes]) => [position, bytes.toString('base64')]);
  const found = [...texts].map(([position, each]) => [position, [...each]]);
  return JSON.stringify({ operations, contents: kept, texts: found });
}

/** Parses a cached scan. @returns `undefined` if it is damaged */
export function parseScan(bytes: Buffer): LayerScan | undefined {
  const kept = readCached(cachedScan, bytes);
  if (!kept) return undefined;
  const { operations, contents, texts } = kept;
  return {
    operations,
    contents: new Map(contents.map(([position, base64]) => [position, Buffer.from(base64, 'base64')])),
    texts: new Map(texts.map(([position, each]) => [position, new Set(each)])),
  };
}
