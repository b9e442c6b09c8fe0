import { UserError } from '../../core/errors.ts';
import { discard, readBody } from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import { parseConfiguration } from '../configuration.ts';
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
    return { reference: name, ...found, layers: opened, close };
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

/** Asks a registry for the digest of a reference. See `lazy.ts`. */
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
    // The header is optional (distribution-spec: MAY): without it, the digest is that of the bytes.
    return await fetchManifest(repository, reference, formatReference(reference), options.signal);
  } finally {
    close();
  }
}

/** The manifest to fetch: by digest, or else by tag. */
type ManifestRequest = Partial<Pick<Descriptor, 'digest' | 'size'>> & Pick<ImageReference, 'tag'>;

const ACCEPT = { accept: MANIFEST_TYPES.join(', ') };

/** Fetches a manifest and checks it against the requested digest, or else against the one that the registry sends. */
export async function fetchManifest(
  repository: Repository,
  { digest, size, tag }: ManifestRequest,
  name: string,
  signal: AbortSignal,
): Promise<FoundManifest & { bytes: Buffer }> {
  const wanted = digest ?? tag ?? 'latest';
  const response = await repository.get(`manifests/${wanted}`, ACCEPT, signal);
  if (response.status === 404) {
    discard(response);
    throw new UserError(
      'SPACECTL_NO_IMAGE',
      `${name} does not exist${digest ? `: the registry has no manifest ${digest}` : ''}`,
      {
        suggestions: ['Check the repository and the tag'],
      },
    );
  }
  const bytes = await readBody(response, { limit: LIMITS.manifestBytes }).catch((error: unknown) => {
    const isTooLarge = error instanceof UserError && error.code === 'SPACECTL_BAD_DATA';
    throw isTooLarge
      ? badImage(`The manifest of ${name} has more than ${LIMITS.manifestBytes} bytes`, { cause: error })
      : error;
  });
  const expected = digest ?? response.headers['docker-content-digest'];
  if (typeof expected === 'string') {
    const check = checkDigest(expected, `The manifest of ${name}`, size);
    check.update(bytes);
    check.finish();
  }
  const found = typeof expected === 'string' ? expected : digestOf(bytes);
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
