import { isConfiguration, parseConfiguration } from '../configuration.ts';
import { checkDigest, digestOf } from '../digest.ts';
import type { Image, Layer } from '../image.ts';
import type { LayerCache } from '../layers/cache.ts';
import { type Descriptor, parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import { type FoundManifest, resolveImage } from '../resolve.ts';
import { readBlob } from './blob.ts';
import { connect, type RegistryOptions } from './connect.ts';
import { findBuildKitLayers } from './history.ts';
import { fetchManifest, type ManifestRequest } from './manifest.ts';
import type { Repository } from './repository.ts';

export interface ImageOptions extends RegistryOptions {
  readonly platform: Platform;
  /** Whether to read the image's configuration, which says which layers have their names in order. */
  readonly isFast?: boolean;
  readonly cache?: LayerCache;
}

/** Opens an image in its registry. See `lazy.ts`. */
export async function openRegistryImage(reference: ImageReference, options: ImageOptions): Promise<Image> {
  const { platform, signal, report = () => {} } = options;
  const { repository, close } = await connect(reference, options);
  try {
    const name = formatReference(reference);
    report(`Resolving ${name}`);
    const fetch = async (which: ManifestRequest): Promise<FoundManifest> => {
      const kept = which.digest && (await options.cache?.loadManifest(which.digest));
      if (which.digest && kept && digestOf(kept) === which.digest) {
        return { digest: which.digest, manifest: parseManifest(kept, name) };
      }
      const { bytes, ...found } = await fetchManifest(repository, which, name, signal);
      await options.cache?.saveManifest(found.digest, bytes);
      return found;
    };
    const { layers, config, ...found } = await resolveImage(name, platform, await fetch(reference), fetch, {
      platformIn,
      isByDigest: reference.digest !== undefined,
    });
    const isInOrder = options.isFast && config ? await findOrderedLayers(config, layers.length) : [];
    const opened = layers.map((layer, index) => layerOf(layer, repository, isInOrder[index] ?? false));
    const environment = async () =>
      config && isConfiguration(config) ? parseConfiguration(await readConfig(config), name).environment : undefined;
    return { reference: name, ...found, layers: opened, environment, close };
  } catch (error) {
    close();
    throw error;
  }

  async function platformIn(config: Descriptor): Promise<Platform | undefined> {
    return parseConfiguration(await readConfig(config), formatReference(reference)).platform;
  }

  async function findOrderedLayers(config: Descriptor, count: number): Promise<readonly boolean[]> {
    return findBuildKitLayers(await readConfig(config), count);
  }

  async function readConfig(config: Descriptor): Promise<Buffer> {
    const kept = await options.cache?.loadManifest(config.digest);
    if (kept && digestOf(kept) === config.digest) return kept;
    const chunks: Buffer[] = [];
    const check = checkDigest(config.digest, 'The configuration of the image', config.size);
    for await (const chunk of readBlob(repository, config, signal)) {
      check.update(chunk);
      chunks.push(chunk);
    }
    check.finish();
    const bytes = Buffer.concat(chunks);
    await options.cache?.saveManifest(config.digest, bytes);
    return bytes;
  }
}

function layerOf({ digest, size, mediaType }: Descriptor, repository: Repository, isInOrder: boolean): Layer {
  return {
    digest,
    size,
    mediaType,
    isInOrder,
    open: async (signal, mode) => readBlob(repository, { digest, size }, signal, mode),
  };
}
