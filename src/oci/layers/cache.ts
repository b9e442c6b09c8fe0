import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Image, ImageFile, Layer } from '../image.ts';
import { CacheFolder } from './cache-folder.ts';
import type { ScanFilter } from './filter.ts';
import type { LayerScan } from './scan.ts';
import type { ScansOptions } from './scans.ts';

/** Changes whenever what is kept, or what it means, does. */
const FORMAT = 4;

/**
 * What verified layers have to say, by their digests; and what files stacks of them were found to have, so that an image
 * that has not changed is not put together again.
 */
export class LayerCache {
  readonly #folder: CacheFolder;

  constructor(folder: string) {
    this.#folder = new CacheFolder(folder);
  }

  /** For the reading of layers that are asked about some names. */
  forScans(filter: ScanFilter): Pick<ScansOptions, 'recall' | 'remember'> {
    const nameOf = (layer: Layer) => `layer-${nameable(layer.digest)}-${questionOf(layer.digestIsOf, `${filter}`)}`;
    return {
      recall: async (layer) => {
        const bytes = await this.#folder.read(nameOf(layer));
        return bytes && parseScan(bytes);
      },
      remember: (layer, scan) => this.#folder.write(nameOf(layer), formatScan(scan)),
    };
  }

  /**
   * The files that an image's layers were found to have for some question, all of them verified.
   * @param question what was asked: the same files for the same question
   */
  async files(image: Image, question: string): Promise<readonly ImageFile[] | undefined> {
    const bytes = await this.#folder.read(filesName(image, question));
    const kept = bytes && readKept(keptFiles, bytes);
    return kept?.map((file) => ({ ...file, bytes: Buffer.from(file.bytes, 'latin1') }));
  }

  async keepFiles(image: Image, question: string, files: readonly ImageFile[]): Promise<void> {
    if (files.some(({ unverifiedLayers }) => unverifiedLayers.length > 0)) return;
    const kept = files.map((file) => ({ ...file, bytes: file.bytes.toString('latin1') }));
    await this.#folder.write(filesName(image, question), JSON.stringify(kept));
  }

  /** A manifest, by its digest, which whoever asks has to check. */
  manifest(digest: string): Promise<Buffer | undefined> {
    return this.#folder.read(`manifest-${nameable(digest)}`);
  }

  async keepManifest(digest: string, bytes: Buffer): Promise<void> {
    // The usual case: an image that has not moved.
    if (await this.manifest(digest)) return;
    await this.#folder.write(`manifest-${nameable(digest)}`, bytes);
  }
}

/** A stack of layers is all that the files of an image depend on. */
function filesName({ layers }: Image, question: string): string {
  return `files-${questionOf(...layers.flatMap(({ digest, digestIsOf }) => [digest, digestIsOf]), question)}`;
}

/** What was asked decides what the answer says: both are in the name. */
function questionOf(...parts: readonly (string | undefined)[]): string {
  return sha256(JSON.stringify([FORMAT, ...parts])).slice(0, 32);
}

function nameable(digest: string): string {
  return digest.replace(':', '-');
}

const keptFiles = v.array(
  v.object({
    path: v.string(),
    resolvedPath: v.string(),
    bytes: v.string(),
    layer: v.exactOptional(v.string()),
    verifiedLayers: v.array(v.string()),
    unverifiedLayers: v.array(v.string()),
  }),
);
const keptScan = v.object({ operations: v.string(), contents: v.array(v.tuple([v.number(), v.string()])) });

/** Reads what was kept. A file of another shape is treated as missing: it can be made again. */
function readKept<const Schema extends v.GenericSchema>(
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

function parseScan(bytes: Buffer): LayerScan | undefined {
  const kept = readKept(keptScan, bytes);
  if (!kept) return undefined;
  const { operations, contents } = kept;
  return {
    operations,
    contents: new Map(contents.map(([position, base64]) => [position, Buffer.from(base64, 'base64')])),
  };
}
