import { UserError } from '../../core/errors.ts';
import { discard, readBody } from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import { checkDigest, digestOf } from '../digest.ts';
import type { Image, Layer } from '../image.ts';
import type { LayerCache } from '../layers/cache.ts';
import { LIMITS } from '../limits.ts';
import { type Descriptor, MANIFEST_TYPES, parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import { type FoundManifest, resolveImage } from '../resolve.ts';
import { readBlob } from './blob.ts';
import { connect, type RegistryOptions } from './connect.ts';
import { findBuildKitLayers } from './history.ts';
import type { Repository } from './repository.ts';

export interface ImageOptions extends RegistryOptions {
  readonly platform: Platform;
  /** Whether it matters which layers are written in order, which only the image's configuration says. */
  readonly isFast?: boolean;
  readonly cache?: LayerCache;
}

/** See `index.ts`. */
export async function openRegistryImage(reference: ImageReference, options: ImageOptions): Promise<Image> {
  const { platform, signal, report = () => {} } = options;
  const { repository, close } = await connect(reference, options);
  try {
    const name = formatReference(reference);
    report(`Asking for ${name}`);
    const fetch = async (which: Which): Promise<FoundManifest> => {
      const kept = which.digest && (await options.cache?.manifest(which.digest));
      if (which.digest && kept && digestOf(kept) === which.digest) {
        return { digest: which.digest, manifest: parseManifest(kept, name) };
      }
      const { bytes, ...found } = await fetchManifest(repository, which, name, signal);
      await options.cache?.keepManifest(found.digest, bytes);
      return found;
    };
    const { layers, config, ...found } = await resolveImage(name, platform, await fetch(reference), fetch);
    const isInOrder = options.isFast && config ? await layersInOrder(config, layers.length) : [];
    const opened = layers.map((layer, index) => layerOf(layer, repository, isInOrder[index] ?? false));
    return { reference: name, ...found, layers: opened, close };
  } catch (error) {
    close();
    throw error;
  }

  async function layersInOrder(config: Descriptor, count: number): Promise<readonly boolean[]> {
    const chunks: Buffer[] = [];
    const check = checkDigest(config.digest, 'The configuration of the image', config.size);
    for await (const chunk of readBlob(repository, config, signal)) {
      check.update(chunk);
      chunks.push(chunk);
    }
    check.finish();
    return findBuildKitLayers(Buffer.concat(chunks), count);
  }
}

/** See `index.ts`. */
export async function headManifest(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ digest: string } | undefined> {
  const { repository, close } = await connect(reference, options);
  try {
    const wanted = reference.digest ?? reference.tag ?? 'latest';
    const response = await repository.head(`manifests/${wanted}`, ACCEPT, options.signal);
    discard(response);
    if (response.status === 404) return undefined;
    const digest = response.headers['docker-content-digest'];
    if (typeof digest === 'string') return { digest };
    // Registries need not say it (distribution-spec: MAY); the bytes do.
    return await fetchManifest(repository, reference, formatReference(reference), options.signal);
  } finally {
    close();
  }
}

/** What is asked for: by digest, or else by tag. */
type Which = Partial<Pick<Descriptor, 'digest' | 'size'>> & Pick<ImageReference, 'tag'>;

const ACCEPT = { accept: MANIFEST_TYPES.join(', ') };

/** Reads a manifest, and checks it against the digest it was asked for by, or else the one the registry says it has. */
async function fetchManifest(
  repository: Repository,
  { digest, size, tag }: Which,
  name: string,
  signal: AbortSignal,
): Promise<FoundManifest & { bytes: Buffer }> {
  const wanted = digest ?? tag ?? 'latest';
  const response = await repository.get(`manifests/${wanted}`, ACCEPT, signal);
  if (response.status === 404) {
    discard(response);
    throw new UserError('SPACECTL_NO_IMAGE', `There is no image ${name}${digest ? ` (no manifest ${digest})` : ''}`, {
      suggestions: ['Check the repository and the tag'],
    });
  }
  const bytes = await readBody(response, { limit: LIMITS.manifestBytes }).catch((error: unknown) => {
    const isTooLarge = error instanceof UserError && error.code === 'SPACECTL_BAD_DATA';
    throw isTooLarge ? badImage(`The manifest of ${name} is too large`, { cause: error }) : error;
  });
  const promised = digest ?? response.headers['docker-content-digest'];
  if (typeof promised === 'string') {
    const check = checkDigest(promised, `The manifest of ${name}`, size);
    check.update(bytes);
    check.finish();
  }
  const found = typeof promised === 'string' ? promised : digestOf(bytes);
  return { digest: found, manifest: parseManifest(bytes, name), bytes };
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
